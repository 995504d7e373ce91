using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds.Expressions;

/// <summary>A guild's own emoji; its picture is <see cref="Media.ImageKind.Emoji"/> of this id.</summary>
public sealed record EmojiRecord(EmojiId Id, string Name, IReadOnlyList<RoleId> Roles, UserId UserId, bool Animated)
{
    public Emoji ToWire(User? user = null) => new()
    {
        Id = Id, Name = Name, Roles = Roles, User = user, RequireColons = true, Managed = false, Animated = Animated, Available = true,
    };
}

/// <summary>A guild's own sticker; its picture is <see cref="Media.ImageKind.Sticker"/> of this id.</summary>
/// <param name="Tags">A Unicode emoji, or words, that clients suggest it for.</param>
public sealed record StickerRecord(StickerId Id, GuildId GuildId, string Name, string? Description, string Tags, StickerFormat Format, UserId UserId)
{
    public Sticker ToWire(User? user = null) => new()
    {
        Id = Id, GuildId = GuildId, Name = Name, Description = Description, Tags = Tags, FormatType = Format, User = user,
    };

    public StickerItem ToItem() => new(Id, Name, Format);
}

/// <summary>Stickers by id alone, as messages name them.</summary>
public interface IStickerStore
{
    Task<StickerRecord?> FindAsync(StickerId id, CancellationToken ct);
}

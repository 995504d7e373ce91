using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of POST /guilds/{id}/channels, and of PATCH /channels/{id} for a guild's: absent fields stay, null ones take their default.</summary>
public sealed record ChannelForm
{
    public Optional<string?> Name { get; init; }
    public Optional<ChannelType?> Type { get; init; }
    public Optional<string?> Topic { get; init; }
    public Optional<int?> Bitrate { get; init; }
    public Optional<int?> UserLimit { get; init; }

    /// <summary>Seconds.</summary>
    public Optional<int?> RateLimitPerUser { get; init; }
    public Optional<int?> Position { get; init; }
    public Optional<ChannelId?> ParentId { get; init; }
    public Optional<bool?> Nsfw { get; init; }
    public Optional<IReadOnlyList<OverwriteForm>?> PermissionOverwrites { get; init; }
}

/// <summary>One overwrite as given; its kind is guessed from the id where it is absent.</summary>
public sealed record OverwriteForm
{
    public OverwriteId? Id { get; init; }
    public OverwriteType? Type { get; init; }
    public Permissions? Allow { get; init; }
    public Permissions? Deny { get; init; }
}

/// <summary>One item of PATCH /guilds/{id}/channels.</summary>
public sealed record ChannelPositionForm
{
    public ChannelId? Id { get; init; }
    public int? Position { get; init; }

    /// <summary>Null moves to the top level.</summary>
    public Optional<ChannelId?> ParentId { get; init; }

    /// <summary>Take over the new parent's overwrites.</summary>
    public bool? LockPermissions { get; init; }
}

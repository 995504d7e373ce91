using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

public enum StickerFormat
{
    Png = 1,
    Apng = 2,
    Lottie = 3,
    Gif = 4,
}

/// <summary>A guild's sticker.</summary>
public sealed record Sticker
{
    public required StickerId Id { get; init; }
    public required GuildId GuildId { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string Tags { get; init; }

    /// <summary>2: of a guild.</summary>
    public int Type { get; init; } = 2;
    public required StickerFormat FormatType { get; init; }
    public bool Available { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? User { get; init; }
}

/// <summary>A sticker as a message shows it.</summary>
public sealed record StickerItem(StickerId Id, string Name, StickerFormat FormatType);

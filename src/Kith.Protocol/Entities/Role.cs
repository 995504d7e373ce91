using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

public sealed record Role
{
    public required RoleId Id { get; init; }
    public required string Name { get; init; }
    public Permissions Permissions { get; init; }
    public int Position { get; init; }
    public int Color { get; init; }
    public RoleColors Colors { get; init; } = new(0);
    public bool Hoist { get; init; }
    public bool Managed { get; init; }
    public bool Mentionable { get; init; }
    public string? Icon { get; init; }
    public string? UnicodeEmoji { get; init; }
    public int Flags { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoleTags? Tags { get; init; }
}

public sealed record RoleColors(int PrimaryColor, int? SecondaryColor = null, int? TertiaryColor = null);

/// <summary>The bot to which a managed role belongs.</summary>
public sealed record RoleTags(UserId? BotId);

using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of POST /guilds/{id}/roles and PATCH /guilds/{id}/roles/{role}: absent fields stay, null ones take their default.</summary>
public sealed record RoleForm
{
    public Optional<string?> Name { get; init; }
    public Optional<Permissions?> Permissions { get; init; }

    /// <summary>RGB; the newer <see cref="Colors"/> wins.</summary>
    public Optional<int?> Color { get; init; }
    public Optional<RoleColorsForm?> Colors { get; init; }
    public Optional<bool?> Hoist { get; init; }
    public Optional<bool?> Mentionable { get; init; }
    public Optional<string?> UnicodeEmoji { get; init; }
}

public sealed record RoleColorsForm
{
    public int? PrimaryColor { get; init; }
    public int? SecondaryColor { get; init; }
    public int? TertiaryColor { get; init; }
}

/// <summary>One item of PATCH /guilds/{id}/roles.</summary>
public sealed record RolePositionForm
{
    public RoleId? Id { get; init; }
    public int? Position { get; init; }
}

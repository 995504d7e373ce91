using Kith.Domain;

namespace Kith.Protocol;

public enum RelationshipType
{
    Friend = 1,
    Blocked = 2,

    /// <summary>The other has asked.</summary>
    Incoming = 3,

    /// <summary>One has asked the other.</summary>
    Outgoing = 4,
}

/// <summary>What one user is to another, as the one sees it. RELATIONSHIP_ADD puts it in the place of whatever was between the two.</summary>
public sealed record Relationship
{
    /// <summary>The other user's.</summary>
    public required UserId Id { get; init; }
    public required RelationshipType Type { get; init; }
    public required User User { get; init; }

    /// <summary>What one calls a friend; nobody else sees it.</summary>
    public string? Nickname { get; init; }
    public required DateTimeOffset Since { get; init; }
}

/// <summary>RELATIONSHIP_UPDATE.</summary>
public sealed record RelationshipUpdate(UserId Id, RelationshipType Type, string? Nickname);

/// <summary>RELATIONSHIP_REMOVE; <paramref name="Type"/> is what it was.</summary>
public sealed record RelationshipRemove(UserId Id, RelationshipType Type);

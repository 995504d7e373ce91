using Kith.Domain;

namespace Kith.Engine.Admin;

/// <summary>How much an instance holds. Messages are null where their store cannot count them.</summary>
public sealed record InstanceSize(int Users, int Guilds, int Channels, long? Messages, long? MessagesLastDay, long Attachments, long AttachmentBytes, long DatabaseBytes);

/// <summary>A user as admins see it in their list.</summary>
public sealed record AdminUser
{
    public required UserId Id { get; init; }
    public required string Username { get; init; }
    public string? GlobalName { get; init; }
    public string? Avatar { get; init; }
    public bool Bot { get; init; }
    public bool Admin { get; init; }
    public bool Disabled { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
}

public sealed record AdminGuild
{
    public required GuildId Id { get; init; }
    public required string Name { get; init; }
    public string? Icon { get; init; }
    public required UserId OwnerId { get; init; }
    public int MemberCount { get; init; }
}

/// <summary>What only admins ask: over all users and guilds.</summary>
public interface IAdminStore
{
    /// <summary>Counts everything: seconds, where there are many millions of messages.</summary>
    Task<InstanceSize> SizeAsync(MessageId lastDay, CancellationToken ct);

    /// <summary>Whose name begins so, without regard to case; the newest first.</summary>
    Task<IReadOnlyList<AdminUser>> UsersAsync(string prefix, UserId before, int limit, CancellationToken ct);

    /// <summary>The largest first.</summary>
    Task<IReadOnlyList<AdminGuild>> GuildsAsync(int limit, CancellationToken ct);
}

/// <summary>Whether what the server needs is there.</summary>
public interface IHealth
{
    /// <summary>"ok", or why not, by the dependency's name.</summary>
    Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken ct);
}

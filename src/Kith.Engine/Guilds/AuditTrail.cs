using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Reading audit logs, and writing entries about what is no part of the guild's own state, such as deleted messages.</summary>
public sealed class AuditTrail(Access access, IAuditLogStore store, Users users, GuildAnnouncements announcements)
{
    public const int MaxPage = 100, DefaultPage = 50;

    public async Task<Result<AuditLogPage>> ListAsync(Principal principal, GuildId guild, AuditLogQuery query, CancellationToken ct)
    {
        if ((await access.GuildAsync(principal, guild, ct, Permissions.ViewAuditLog)).Error is { } error) return error;
        var entries = await store.ListAsync(guild, query, ct);
        UserId[] named = [.. entries.SelectMany(UsersOf).Distinct()];
        return new AuditLogPage { AuditLogEntries = entries, Users = await users.WireManyAsync(named, ct) };
    }

    /// <summary>After the commit of what it is about.</summary>
    public async Task RecordAsync(AuditLogEntry entry, CancellationToken ct)
    {
        await store.AddAsync([entry], ct);
        await announcements.AuditedAsync([entry], ct);
    }

    static IEnumerable<UserId> UsersOf(AuditLogEntry entry)
    {
        if (entry.UserId is { } user) yield return user;
        if (entry.TargetId is { } target && IsAboutUser(entry.ActionType)) yield return new UserId(target.Value);
    }

    static bool IsAboutUser(AuditLogAction action) =>
        action is >= AuditLogAction.MemberKick and <= AuditLogAction.BotAdd or AuditLogAction.MessageDelete or AuditLogAction.MessagePin or AuditLogAction.MessageUnpin;
}

/// <summary>The answer of GET /guilds/{id}/audit-logs; what Kith does not have is empty.</summary>
public sealed record AuditLogPage
{
    public required IReadOnlyList<AuditLogEntry> AuditLogEntries { get; init; }

    /// <summary>Who did it, and to whom.</summary>
    public required IReadOnlyList<User> Users { get; init; }
    public IReadOnlyList<object> Integrations { get; init; } = [];
    public IReadOnlyList<object> Webhooks { get; init; } = [];
    public IReadOnlyList<object> GuildScheduledEvents { get; init; } = [];
    public IReadOnlyList<object> Threads { get; init; } = [];
    public IReadOnlyList<object> ApplicationCommands { get; init; } = [];
    public IReadOnlyList<object> AutoModerationRules { get; init; } = [];
}

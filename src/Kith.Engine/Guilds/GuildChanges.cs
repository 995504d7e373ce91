using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What a request does to a guild: the change, what is announced of it, and what the request answers.</summary>
public sealed record GuildPlan<T>(GuildChange Change, IReadOnlyList<Event> Events, T Answer);

/// <summary>
/// The one way to change a guild, its roles and its channels: plan on the newest state, commit if it is still the newest (else plan again), renew the caches,
/// announce. Changes of one guild are announced in the order they are committed.
/// </summary>
public sealed class GuildChanges(Access access, IGuildStore store, GuildDirectory guilds, ChannelDirectory channels, IEventLog events)
{
    /// <summary>Only other processes and changes of members' roles can be in the way, so a few attempts are many.</summary>
    const int Attempts = 10;

    readonly KeyedLock order = new();

    /// <param name="plan">Pure: may be called again on a newer state.</param>
    public async Task<Result<T>> ApplyAsync<T>(Principal principal, GuildId id, Permissions needed, Func<GuildAccess, Result<GuildPlan<T>>> plan, CancellationToken ct)
    {
        using var held = await order.EnterAsync(id, ct);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await access.GuildAsync(principal, id, ct, needed)).Ok(out var allowed, out var error)) return error;
            if (!plan(allowed).Ok(out var planned, out error)) return error;
            if (await store.ApplyAsync(planned.Change, ct))
            {
                // What is committed is announced, whoever gave up waiting for it.
                await AnnounceAsync(planned.Change, planned.Events, CancellationToken.None);
                return planned.Answer;
            }

            guilds.GuildChanged(id);
        }

        return ErrorCode.ResourceOverloaded;
    }

    async Task AnnounceAsync(GuildChange change, IReadOnlyList<Event> announced, CancellationToken ct)
    {
        var id = change.Before.Id;
        if (change.DeletedRole is not null) guilds.MembersChanged(id);
        await guilds.ReloadAsync(id, ct);
        if (change.DeletedChannel is { } channel) channels.Changed(channel);
        await events.PublishAsync(new Event
        {
            Name = "", Data = default, Audience = new Audience.OfGuild(id), Effect = new SessionEffect.GuildChanged(id, change.Version),
        }, ct);
        foreach (var e in announced)
            await events.PublishAsync(e, ct);
        foreach (var entry in change.Audit)
            await events.PublishAsync(GuildEvents.AuditLogEntryCreate(entry), ct);
    }
}

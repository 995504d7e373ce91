using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What a request does to a guild, and what it answers.</summary>
public sealed record GuildPlan<T>(GuildChange Change, T Answer);

/// <summary>
/// The one way to change a guild, its roles and its channels: plan on the newest state, commit if it is still the newest (else plan again), renew the caches,
/// announce. Changes of one guild are announced in the order they are committed.
/// </summary>
public sealed class GuildChanges(
    Access access, IGuildStore store, GuildDirectory guilds, ChannelDirectory channels, GuildAnnouncements announcements, GuildPictures pictures, KeyedLocks locks)
{
    /// <summary>Only other processes and changes of members' roles can be in the way, so a few attempts are many.</summary>
    const int Attempts = 10;

    readonly KeyedLock order = locks.Of("guild");

    /// <param name="needed">In the guild.</param>
    /// <param name="plan">Pure: may be called again on a newer state.</param>
    public Task<Result<T>> ApplyAsync<T>(Principal principal, GuildId id, Permissions needed, Func<GuildAccess, Result<GuildPlan<T>>> plan, CancellationToken ct) =>
        CommitAsync(id, async () => (await access.GuildAsync(principal, id, ct, needed)).Ok(out var allowed, out var error) ? plan(allowed) : error, ct);

    /// <summary>A change of or about one channel, in which <paramref name="needed"/> is asked for.</summary>
    public async Task<Result<T>> ApplyAsync<T>(
        Principal principal, ChannelId id, Permissions needed, Func<GuildAccess, ChannelAccess, Result<GuildPlan<T>>> plan, CancellationToken ct)
    {
        if (!(await access.ChannelAsync(principal, id, ct)).Ok(out var found, out var error)) return error;
        if (found.Guild is not { } guild) return ErrorCode.CannotExecuteOnDm;
        return await CommitAsync(guild.Id, async () =>
        {
            // Who is no member any more never saw the channel.
            if (!(await access.GuildAsync(principal, guild.Id, ct)).Ok(out var member, out _)) return ErrorCode.UnknownChannel;
            return access.ChannelOf(member, id, needed).Ok(out var channel, out var refusal) ? plan(member, channel) : refusal;
        }, ct);
    }

    /// <summary>A change by the server itself. Null: nothing to do.</summary>
    public async Task ApplyAsync(GuildId id, Func<GuildSnapshot, GuildChange?> plan, CancellationToken ct) => await CommitAsync<Done>(id, async () =>
    {
        if (await guilds.FindAsync(id, ct) is not { } guild || plan(guild) is not { } change) return ErrorCode.UnknownGuild;
        return new GuildPlan<Done>(change, Done.Instance);
    }, ct);

    /// <summary>The guild with everything in it. Only by its owner.</summary>
    public async Task<Result<Done>> DeleteAsync(Principal principal, GuildId id, CancellationToken ct)
    {
        using var held = await order.EnterAsync(id, ct);
        if (!(await access.GuildAsync(principal, id, ct)).Ok(out var guild, out var error)) return error;
        return guild.IsOwner ? await DeleteHeldAsync(guild.Guild, ct) : ErrorCode.MissingPermissions;
    }

    /// <summary>By an admin of the instance, who need not be a member.</summary>
    public async Task<Result<Done>> DeleteAnyAsync(GuildId id, CancellationToken ct)
    {
        using var held = await order.EnterAsync(id, ct);
        return await guilds.FindAsync(id, ct) is { } guild ? await DeleteHeldAsync(guild, ct) : ErrorCode.UnknownGuild;
    }

    async Task<Result<Done>> DeleteHeldAsync(GuildSnapshot guild, CancellationToken ct)
    {
        var id = guild.Id;
        if (!await store.DeleteAsync(id, ct)) return ErrorCode.UnknownGuild;
        await guilds.GuildChangedAsync(id, CancellationToken.None);
        await guilds.MembersChangedAsync(id, CancellationToken.None);
        foreach (var channel in guild.Channels.Keys)
            await channels.ChangedAsync(channel, CancellationToken.None);
        await announcements.DeletedAsync(id, CancellationToken.None);
        await pictures.ForgetAsync(guild, CancellationToken.None);
        return Done.Instance;
    }

    async Task<Result<T>> CommitAsync<T>(GuildId id, Func<ValueTask<Result<GuildPlan<T>>>> plan, CancellationToken ct)
    {
        using var held = await order.EnterAsync(id, ct);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await plan()).Ok(out var planned, out var error)) return error;
            switch (await store.ApplyAsync(planned.Change, ct))
            {
                case GuildChangeOutcome.Applied:
                    // What is committed is announced, whoever gave up waiting for it.
                    await AppliedAsync(planned.Change, CancellationToken.None);
                    return planned.Answer;
                case GuildChangeOutcome.Banned:
                    return ErrorCode.UserBanned;
                case GuildChangeOutcome.AlreadyMember:
                    return ErrorCode.AlreadyMember;
                case GuildChangeOutcome.HeirGone:
                    return ErrorCode.UnknownMember;
                default:
                    guilds.Forget(id);
                    break;
            }
        }

        return ErrorCode.ResourceOverloaded;
    }

    async Task AppliedAsync(GuildChange change, CancellationToken ct)
    {
        if (change.DeletedRole is not null) await guilds.MembersChangedAsync(change.Before.Id, ct);
        // Null where another process deleted the guild in this moment, and announces that.
        if (await guilds.ReloadAsync(change.Before.Id, ct) is not { } after) return;
        if (change.DeletedChannel is { } channel) await channels.ChangedAsync(channel, ct);
        await announcements.PublishAsync(change, after, ct);
    }
}

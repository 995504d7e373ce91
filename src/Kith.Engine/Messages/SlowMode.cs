using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Slow mode: one message per user and channel in so many seconds, but for those who manage. Kept in memory: a restart forgives at most one wait.</summary>
public sealed class SlowMode(TimeProvider clock)
{
    const int SweepAt = 100_000;
    static readonly TimeSpan Longest = TimeSpan.FromHours(6);
    const Permissions Exempt = Permissions.ManageMessages | Permissions.ManageChannels | Permissions.BypassSlowmode;

    readonly ConcurrentDictionary<(ChannelId, UserId), long> last = new();

    /// <summary>How long the sender has to wait; null where it may send, which then counts.</summary>
    public TimeSpan? Take(ChannelAccess access)
    {
        var seconds = access.Channel.RateLimitPerUser;
        if (seconds == 0 || (access.Permissions & Exempt) != Permissions.None) return null;
        var key = (access.Id, access.Principal.Id);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (last.Count > SweepAt) Sweep(now);
        while (true)
        {
            if (!last.TryGetValue(key, out var before))
            {
                if (last.TryAdd(key, now)) return null;
            }
            else if (before + (seconds * 1000L) is var free && free > now)
            {
                return TimeSpan.FromMilliseconds(free - now);
            }
            else if (last.TryUpdate(key, now, before))
            {
                return null;
            }
        }
    }

    void Sweep(long now)
    {
        foreach (var entry in last)
        {
            if (now - entry.Value > Longest.TotalMilliseconds) last.TryRemove(entry);
        }
    }
}

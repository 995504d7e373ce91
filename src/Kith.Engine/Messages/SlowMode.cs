using Kith.Domain;
using Kith.Engine.RateLimits;

namespace Kith.Engine.Messages;

/// <summary>Slow mode: one message per user and channel in so many seconds, but for those who manage. A restart may forgive one wait.</summary>
public sealed class SlowMode(IRateCounters counters)
{
    const Permissions Exempt = Permissions.ManageMessages | Permissions.ManageChannels | Permissions.BypassSlowmode;

    /// <summary>How long the sender has to wait; null where it may send, which then counts.</summary>
    public async ValueTask<TimeSpan?> TakeAsync(ChannelAccess access, CancellationToken ct)
    {
        var seconds = access.Channel.RateLimitPerUser;
        if (seconds == 0 || (access.Permissions & Exempt) != Permissions.None) return null;
        var key = new RateKey((ulong)RateScope.SlowMode, (ulong)access.Principal.Id.Value, (ulong)access.Id.Value);
        return await counters.CountAsync(key, new RateWindow(1, TimeSpan.FromSeconds(seconds)), ct) is { Allowed: false } count ? count.ResetAfter : null;
    }
}

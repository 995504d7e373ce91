using Kith.Domain;
using Kith.Engine.RateLimits;

namespace Kith.Engine.Delivery;

/// <summary>How many gateway sessions an account may start: a bot's budget of a day, and for everyone a budget of five seconds.</summary>
public sealed class SessionStarts(GatewayOptions options, IRateCounters counters)
{
    static readonly TimeSpan Burst = TimeSpan.FromSeconds(5);

    RateWindow Day => new(options.SessionStartsPerDay, TimeSpan.FromDays(1));

    public async ValueTask<SessionStartLimit> OfAsync(UserId user, CancellationToken ct)
    {
        var day = await counters.PeekAsync(KeyOf(RateScope.SessionsOfDay, user), Day, ct);
        return new SessionStartLimit(options.SessionStartsPerDay, day.Remaining, (long)day.ResetAfter.TotalMilliseconds, options.MaxConcurrency);
    }

    /// <summary>False where the account has none left.</summary>
    public async ValueTask<bool> TryStartAsync(UserId user, bool bot, CancellationToken ct)
    {
        if (bot && !(await counters.PeekAsync(KeyOf(RateScope.SessionsOfDay, user), Day, ct)).Allowed) return false;
        if (!(await counters.CountAsync(KeyOf(RateScope.SessionsAtOnce, user), new RateWindow(options.MaxConcurrency, Burst), ct)).Allowed) return false;
        return !bot || (await counters.CountAsync(KeyOf(RateScope.SessionsOfDay, user), Day, ct)).Allowed;
    }

    static RateKey KeyOf(RateScope scope, UserId user) => new((ulong)scope, (ulong)user.Value);
}

/// <summary>As <c>GET /gateway/bot</c> tells it.</summary>
/// <param name="ResetAfter">Milliseconds.</param>
public sealed record SessionStartLimit(int Total, int Remaining, long ResetAfter, int MaxConcurrency);

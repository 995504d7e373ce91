using System.Collections.Concurrent;
using Kith.Domain;

namespace Kith.Engine.Delivery;

/// <summary>
/// How many gateway sessions an account may start: a bot's budget of a day, and for everyone a budget of five seconds. Counts what this node sees.
/// Accounts that have not started any for a day are forgotten.
/// </summary>
public sealed class SessionStarts(GatewayOptions options, TimeProvider clock)
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);
    static readonly TimeSpan Burst = TimeSpan.FromSeconds(5);

    /// <summary>Accounts counted before those whose day is over are dropped; about 100 bytes each.</summary>
    const int Sweep = 100_000;

    readonly ConcurrentDictionary<UserId, Budget> budgets = new();

    public SessionStartLimit Of(UserId user)
    {
        var now = clock.GetUtcNow();
        if (!budgets.TryGetValue(user, out var budget)) return new SessionStartLimit(options.SessionStartsPerDay, options.SessionStartsPerDay, 0, options.MaxConcurrency);
        lock (budget)
        {
            var left = budget.DayBegan + Day - now;
            return left <= TimeSpan.Zero
                ? new SessionStartLimit(options.SessionStartsPerDay, options.SessionStartsPerDay, 0, options.MaxConcurrency)
                : new SessionStartLimit(options.SessionStartsPerDay, Math.Max(0, options.SessionStartsPerDay - budget.Today), (long)left.TotalMilliseconds, options.MaxConcurrency);
        }
    }

    /// <summary>False, and nothing counted, where the account has none left.</summary>
    public bool TryStart(UserId user, bool bot)
    {
        var now = clock.GetUtcNow();
        if (budgets.Count > Sweep) Forget(now);
        var budget = budgets.GetOrAdd(user, static _ => new Budget());
        lock (budget)
        {
            if (now - budget.DayBegan >= Day) (budget.DayBegan, budget.Today) = (now, 0);
            if (now - budget.BurstBegan >= Burst) (budget.BurstBegan, budget.Recent) = (now, 0);
            if (budget.Recent >= options.MaxConcurrency || (bot && budget.Today >= options.SessionStartsPerDay)) return false;
            budget.Recent++;
            budget.Today++;
            return true;
        }
    }

    void Forget(DateTimeOffset now)
    {
        foreach (var (user, budget) in budgets)
        {
            if (now - budget.DayBegan >= Day) budgets.TryRemove(KeyValuePair.Create(user, budget));
        }
    }

    sealed class Budget
    {
        public DateTimeOffset DayBegan;
        public DateTimeOffset BurstBegan;
        public int Today;
        public int Recent;
    }
}

/// <summary>As <c>GET /gateway/bot</c> tells it.</summary>
/// <param name="ResetAfter">Milliseconds.</param>
public sealed record SessionStartLimit(int Total, int Remaining, long ResetAfter, int MaxConcurrency);

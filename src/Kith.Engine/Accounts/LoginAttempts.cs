using System.Collections.Concurrent;

namespace Kith.Engine.Accounts;

/// <summary>
/// Bounds how fast passwords and codes can be guessed: per account, counted before the guess is checked so that guesses at once do not slip through, and failures per
/// address. What is counted is forgotten after <see cref="Window"/>.
/// </summary>
public sealed class LoginAttempts(TimeProvider clock)
{
    public const int PerAccount = 20;
    public const int PerAddress = 100;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Accounts and addresses remembered, about 10 MB; beyond, those whose window has passed are dropped.</summary>
    const int Capacity = 100_000;

    readonly ConcurrentDictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <summary>Counts an attempt on an account; how long to wait, where there were too many.</summary>
    public TimeSpan? Take(string account, string? address)
    {
        var now = clock.GetUtcNow();
        if (address is not null && Remaining($"@{address}", PerAddress, now) is { } banned) return banned;
        var tally = Count(account, now);
        return tally.Attempts > PerAccount ? tally.Began + Window - now : null;
    }

    public void Failed(string? address)
    {
        if (address is not null) Count($"@{address}", clock.GetUtcNow());
    }

    public void Succeeded(string account) => tallies.TryRemove(account, out _);

    TimeSpan? Remaining(string key, int most, DateTimeOffset now) =>
        tallies.TryGetValue(key, out var tally) && tally.Attempts >= most && now < tally.Began + Window ? tally.Began + Window - now : null;

    Tally Count(string key, DateTimeOffset now)
    {
        if (tallies.Count > Capacity) Sweep(now);
        return tallies.AddOrUpdate(
            key,
            static (_, now) => new Tally(1, now),
            static (_, old, now) => now < old.Began + Window ? old with { Attempts = old.Attempts + 1 } : new Tally(1, now),
            now);
    }

    void Sweep(DateTimeOffset now)
    {
        foreach (var entry in tallies.Where(t => now >= t.Value.Began + Window))
            tallies.TryRemove(entry);
    }

    sealed record Tally(int Attempts, DateTimeOffset Began);
}

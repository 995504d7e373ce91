using System.Globalization;
using Kith.Cluster.InProcess;
using Kith.Engine.Delivery;
using Kith.Engine.RateLimits;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>Rate counters that all processes share. While Redis is away each counts by itself.</summary>
public sealed class RedisRateCounters(RedisLink link, TimeProvider clock) : IRateCounters
{
    static readonly RedisScript Count = new("""
        local used = tonumber(redis.call('GET', KEYS[1]) or '0')
        local limit = tonumber(ARGV[1])
        if used < limit and ARGV[3] == '1' then
          used = redis.call('INCR', KEYS[1])
          if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          return {1, limit - used, redis.call('PTTL', KEYS[1])}
        end
        return {used < limit and 1 or 0, math.max(0, limit - used), math.max(0, redis.call('PTTL', KEYS[1]))}
        """);

    readonly InProcessRateCounters own = new(clock);

    public ValueTask<RateCount> CountAsync(RateKey key, RateWindow window, CancellationToken ct) => RunAsync(key, window, count: true, ct);

    public ValueTask<RateCount> PeekAsync(RateKey key, RateWindow window, CancellationToken ct) => RunAsync(key, window, count: false, ct);

    public async ValueTask ResetAsync(RateKey key, CancellationToken ct)
    {
        await own.ResetAsync(key, ct);
        try
        {
            await link.RunAsync(db => db.KeyDeleteAsync(Name(key)), ct);
        }
        catch (UnavailableException)
        {
            // The count ends with its window.
        }
    }

    async ValueTask<RateCount> RunAsync(RateKey key, RateWindow window, bool count, CancellationToken ct)
    {
        try
        {
            var answer = (RedisValue[])await link.RunAsync(Count, [Name(key)], [window.Limit, (long)window.Length.TotalMilliseconds, count ? 1 : 0], ct);
            return new RateCount(answer[0] == 1, (int)answer[1], TimeSpan.FromMilliseconds((long)answer[2]));
        }
        catch (UnavailableException)
        {
            return count ? await own.CountAsync(key, window, ct) : await own.PeekAsync(key, window, ct);
        }
    }

    static RedisKey Name(RateKey key) => string.Create(CultureInfo.InvariantCulture, $"kith:rate:{key.Scope:x}:{key.Subject:x}:{key.Major:x}");
}

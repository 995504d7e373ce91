using Kith.Cluster.InProcess;
using Kith.Cluster.Redis;
using Kith.Contracts.Presence;
using Kith.Contracts.RateLimits;
using Kith.Contracts.Unread;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Engine.Presence;
using Kith.Engine.RateLimits;
using Kith.Engine.Unread;

namespace Kith.Cluster.Tests.Redis;

public sealed class RedisRateCountersTests(RedisFixture redis) : RateCountersContract
{
    protected override ValueTask<(IRateCounters One, IRateCounters Other)> CountersAsync() =>
        new((new RedisRateCounters(redis.One, TimeProvider.System), new RedisRateCounters(redis.Other, TimeProvider.System)));
}

public sealed class InProcessRateCountersContractTests : RateCountersContract
{
    protected override ValueTask<(IRateCounters One, IRateCounters Other)> CountersAsync()
    {
        var counters = new InProcessRateCounters(TimeProvider.System);
        return new((counters, counters));
    }
}

public sealed class RedisNotificationCacheTests(RedisFixture redis) : NotificationCacheContract
{
    protected override ValueTask<INotificationCache> CacheAsync(IMentionStore mentions) => new(new RedisNotificationCache(redis.One, mentions));
}

public sealed class InProcessNotificationCacheTests : NotificationCacheContract
{
    protected override ValueTask<INotificationCache> CacheAsync(IMentionStore mentions) => new(new InProcessNotificationCache(mentions));
}

public sealed class RedisPresenceDirectoryTests(RedisFixture redis) : PresenceDirectoryContract
{
    protected override ValueTask<IPresenceDirectory> DirectoryAsync() => new(new RedisPresenceDirectory(redis.One, new NodeId($"n{Guid.NewGuid():N}")));
}

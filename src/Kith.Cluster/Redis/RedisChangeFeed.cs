using System.Collections.Concurrent;
using Kith.Engine;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Tells all processes what to forget, and waits until they have, so that whoever gets the answer to a change finds it everywhere. A process that does not confirm is not
/// waited for long. Where Redis is away, caches keep what they read for no more than moments, and all of it is dropped when it is back.
/// </summary>
public sealed partial class RedisChangeFeed : IChangeFeed, IHostedService, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    readonly RedisLink link;
    readonly CacheChanges caches;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly string process = Guid.NewGuid().ToString("N");
    readonly ConcurrentDictionary<long, Announcement> announced = new();
    long last;

    public RedisChangeFeed(RedisLink link, CacheChanges caches, TimeProvider clock, ILogger<RedisChangeFeed> log)
    {
        (this.link, this.caches, this.clock, this.log) = (link, caches, clock, log);
        link.Returned += OnReturned;
        link.Resubscribed += OnReturned;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await link.Subscriber.SubscribeAsync(RedisKeys.Changes, (_, message) => Apply(message));
        await link.Subscriber.SubscribeAsync(RedisKeys.ChangesTo(process), (_, message) => Confirm((long)message));
        caches.Connect(this, () => link.IsUp);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask AnnounceAsync(CacheChange change, CancellationToken ct)
    {
        var number = Interlocked.Increment(ref last);
        var announcement = announced[number] = new Announcement();
        try
        {
            var message = $"{process} {number} {change.Cache} {change.Key} {change.Second}";
            announcement.Expect((int)await link.RunAsync(db => db.PublishAsync(RedisKeys.Changes, message), ct));
            await announcement.Confirmed.WaitAsync(Patience, clock, ct);
        }
        catch (UnavailableException)
        {
            // The others notice that Redis is away as this process does, and trust nothing for long.
        }
        catch (TimeoutException)
        {
            LogUnconfirmed(change.Cache);
        }
        finally
        {
            announced.TryRemove(number, out _);
        }
    }

    public void Dispose()
    {
        link.Returned -= OnReturned;
        link.Resubscribed -= OnReturned;
    }

    void Apply(RedisValue message)
    {
        // process, number, cache, key, second key
        var parts = ((string)message).Split(' ');
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        caches.Apply(new CacheChange(parts[2], long.Parse(parts[3], culture), long.Parse(parts[4], culture)));
        _ = link.Subscriber.PublishAsync(RedisKeys.ChangesTo(parts[0]), parts[1], CommandFlags.FireAndForget);
    }

    void Confirm(long number)
    {
        if (announced.TryGetValue(number, out var announcement)) announcement.Confirm();
    }

    void OnReturned(object? sender, EventArgs e) => caches.Clear();

    /// <summary>Confirmations may come before it is known how many there will be.</summary>
    sealed class Announcement
    {
        readonly TaskCompletionSource confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int missing;

        public Task Confirmed => confirmed.Task;

        public void Expect(int processes)
        {
            if (Interlocked.Add(ref missing, processes) <= 0) confirmed.TrySetResult();
        }

        public void Confirm()
        {
            // Below zero until the number is known; zero after that.
            if (Interlocked.Decrement(ref missing) == 0) confirmed.TrySetResult();
        }
    }

    [LoggerMessage(2290, LogLevel.Debug, "Not every process has confirmed a change of {Cache}")]
    partial void LogUnconfirmed(string cache);
}

using System.Collections.Concurrent;
using Kith.Cluster.Redis;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Cluster.Tests.Redis;

/// <summary>A gateway node as far as Redis knows it: hosts whom a test says, and takes down what comes.</summary>
sealed class TestNode : IEventSink, IAsyncDisposable
{
    readonly RedisHosting hosting;
    readonly RedisInboxReader reader;
    readonly List<(int Count, TaskCompletionSource Done)> waiters = [];
    readonly List<string> names = [];
    readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestNode(RedisLink link, string? name = null)
    {
        Link = link;
        Id = new NodeId(name ?? $"n{Guid.NewGuid():N}");
        Presences = new RedisPresenceDirectory(link, Id);
        hosting = new RedisHosting(link, Id, Presences, () => this, TimeProvider.System, NullLogger<RedisHosting>.Instance);
        reader = new RedisInboxReader(link, Id, () => this, TimeProvider.System, NullLogger<RedisInboxReader>.Instance);
        Directory = new RedisSessionDirectory(link, Presences, TimeProvider.System, hosting);
    }

    public RedisLink Link { get; }

    public NodeId Id { get; }

    public RedisPresenceDirectory Presences { get; }

    public RedisSessionDirectory Directory { get; }

    /// <summary>Completes when the node learns that events were lost.</summary>
    public Task Lost => lost.Task;

    public string[] Names
    {
        get
        {
            lock (names) return [.. names];
        }
    }

    public static async Task<TestNode> StartAsync(RedisLink link, string? name = null)
    {
        var node = new TestNode(link, name);
        await node.reader.StartAsync(default);
        await node.hosting.StartAsync(default);
        await node.Directory.SettleAsync(default);
        return node;
    }

    /// <summary>Completes when so many events have come.</summary>
    public async Task<string[]> ReceivedAsync(int count)
    {
        Task done;
        lock (names)
        {
            if (names.Count >= count) return [.. names];
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((count, waiter));
            done = waiter.Task;
        }

        await Deadline.For(done, () => $"{count} events; there are {Names.Length}");
        return Names;
    }

    public Task CatchUpAsync() => reader.CatchUpAsync(default);

    public ValueTask DeliverAsync(Event e, CancellationToken ct)
    {
        lock (names)
        {
            names.Add(e.Name);
            foreach (var waiter in waiters.Where(w => names.Count >= w.Count).ToArray())
                waiter.Done.TrySetResult();
        }

        return default;
    }

    public ValueTask LostAsync(CancellationToken ct)
    {
        lost.TrySetResult();
        return default;
    }

    /// <summary>As kill -9: nothing is taken back.</summary>
    public async Task DieAsync()
    {
        // Its link goes first, so that stopping can do nothing any more.
        await Link.DisposeAsync();
        await StopAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    async Task StopAsync()
    {
        await reader.StopAsync(default);
        await hosting.StopAsync(default);
        reader.Dispose();
        hosting.Dispose();
    }

    public static Event Named(string name) => new() { Name = name, Audience = new Audience.OfUsers(new UserId(1)), Data = "{}"u8.ToArray() };
}

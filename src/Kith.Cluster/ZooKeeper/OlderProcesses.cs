using Kith.Engine.Delivery;

namespace Kith.Cluster.ZooKeeper;

/// <summary>Who would be broken by a change of the schema. Asked by servers before they are members, and by commands, which never are.</summary>
public sealed class OlderProcesses(ZooKeeperOptions options, TimeProvider clock) : IDisposable
{
    readonly BlockingCalls calls = new("zookeeper schema");

    /// <summary>Live processes that know no schema as new as this one. Waits for them to go for as long as the session of one that was killed may last.</summary>
    /// <exception cref="UnavailableException">ZooKeeper does not answer, so nobody knows.</exception>
    public async Task<IReadOnlyList<string>> WithoutAsync(int schema, CancellationToken ct)
    {
        var session = await calls.RunAsync(() => new ZooKeeperSession(options));
        try
        {
            var began = clock.GetTimestamp();
            while (true)
            {
                var (older, failure) = await calls.RunAsync(() => Read(schema, session));
                if (older is { Count: 0 }) return older;
                if (clock.GetElapsedTime(began) >= options.SessionTimeout * 2) return older ?? throw new UnavailableException("ZooKeeper", failure);
                await Task.Delay(options.SessionTimeout / 20, clock, ct);
            }
        }
        finally
        {
            await calls.RunAsync(() =>
            {
                session.Dispose();
                return true;
            });
        }
    }

    public void Dispose() => calls.Dispose();

    (IReadOnlyList<string>? Older, IOException? Failure) Read(int schema, ZooKeeperSession session)
    {
        try
        {
            return (LiveNodes.OlderThan(schema, session, options), null);
        }
        catch (IOException e)
        {
            return (null, e);
        }
    }
}

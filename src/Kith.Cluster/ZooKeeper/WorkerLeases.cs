using System.Globalization;
using Kith.Domain;

namespace Kith.Cluster.ZooKeeper;

/// <summary>
/// Leases ids of workers. What makes ids unique is not that two processes never mint for one worker at a time by their clocks, but the ceiling: whoever holds a worker writes down the latest time
/// that its ids may bear before it mints any, and who holds it next begins there.
/// </summary>
/// <param name="name">Of the process.</param>
/// <param name="wanted">The configured worker; null: any that is free.</param>
sealed class WorkerLeases(ZooKeeperOptions options, string name, int? wanted, SnowflakeGenerator ids, TimeProvider clock)
{
    /// <summary>Those above are for commands beside the servers.</summary>
    public const int Count = 768;

    readonly string root = options.Root + "/workers";

    /// <summary>The worker that is this process's, as far as is known.</summary>
    public int? Worker { get; private set; }

    /// <summary>Who holds the configured worker, where that is somebody else.</summary>
    public string? Rival { get; private set; }

    /// <summary>Takes a worker, or keeps the one it has. False where the configured one is another's, or all are.</summary>
    public bool Renew(ZooKeeperSession session)
    {
        // Before the first request: what counts is when the server last heard of this session.
        var asked = clock.GetTimestamp();
        if (Worker is { } has && !IsHeld(session, has)) Worker = null;
        Worker ??= Acquire(session);
        if (Worker is not { } worker) return false;

        var ceiling = clock.GetUtcNow() + session.Timeout + SnowflakeGenerator.Tolerance;
        if (!session.Set(PathOf(worker), Text(ceiling))) return false;
        ids.Use(new WorkerLease(worker, ceiling, asked + (long)(session.Timeout.TotalSeconds * 2 / 3 * clock.TimestampFrequency)));
        return true;
    }

    /// <summary>The next holder may begin where this one ended.</summary>
    public void Release(ZooKeeperSession session)
    {
        if (Worker is not { } worker) return;
        ids.Use(new WorkerLease(worker, DateTimeOffset.MinValue, long.MinValue));
        if (IsHeld(session, worker)) session.Set(PathOf(worker), Text(ids.LastTime));
        Worker = null;
    }

    int? Acquire(ZooKeeperSession session)
    {
        session.Ensure(root);
        if (wanted is { } one) return TryTake(session, one, late: true) ? one : null;
        var known = session.Children(root).ToHashSet(StringComparer.Ordinal);
        int[] all = [.. Enumerable.Range(0, Count)];
        // In no order, so that processes that start together seldom try the same. First those that nobody ever had: nothing has to be waited for.
        Random.Shared.Shuffle(all);
        return All(session, all.Where(w => !known.Contains(Text(w))), late: false)
            ?? All(session, all, late: false)
            ?? All(session, all, late: true);
    }

    int? All(ZooKeeperSession session, IEnumerable<int> workers, bool late)
    {
        foreach (var worker in workers)
        {
            if (TryTake(session, worker, late)) return worker;
        }

        return null;
    }

    /// <param name="late">Also where the one before may have minted ids of a time that this process's clock has still to reach.</param>
    bool TryTake(ZooKeeperSession session, int worker, bool late)
    {
        session.Create(PathOf(worker), "0", ephemeral: false);
        // A connection lost in the midst of this call may have made it all the same.
        if (!session.Create(HolderOf(worker), HolderIn(session), ephemeral: true) && !IsHeld(session, worker)) return false;
        var ceiling = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(session.Get(PathOf(worker)) ?? "0", CultureInfo.InvariantCulture));
        if (!late && ceiling > clock.GetUtcNow())
        {
            session.Delete(HolderOf(worker));
            return false;
        }

        if (ceiling > DateTimeOffset.UnixEpoch) ids.StartAfter(Snowflake.AtTime(ceiling.AddMilliseconds(1)));
        return true;
    }

    bool IsHeld(ZooKeeperSession session, int worker)
    {
        var (has, holder) = (session.Get(HolderOf(worker)), HolderIn(session));
        Rival = has is null || has == holder ? null : has;
        return has == holder;
    }

    /// <summary>What a session of this process held before this one ends with it, at any moment: it is as another's.</summary>
    string HolderIn(ZooKeeperSession session) => $"{name} {session.Mark}";

    static string Text(int worker) => worker.ToString(CultureInfo.InvariantCulture);

    static string Text(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    string PathOf(int worker) => $"{root}/{Text(worker)}";

    string HolderOf(int worker) => $"{PathOf(worker)}/holder";
}

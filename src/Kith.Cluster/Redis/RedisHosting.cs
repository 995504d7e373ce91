using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

enum HostedKind : byte
{
    User,
    Guild,
}

readonly record struct HostedKey(HostedKind Kind, long Id);

/// <summary>
/// Writes down whom this gateway node hosts, and keeps its lease. Changes are gathered and written many at once; the newest state of each is what counts, so what waits
/// is no more than what is hosted. After Redis has lost its memory everything is written anew, and only then the node is listed again.
/// </summary>
public sealed partial class RedisHosting(RedisLink link, NodeId node, RedisPresenceDirectory presences, Func<IEventSink> sink, TimeProvider clock, ILogger<RedisHosting> log)
    : BackgroundService
{
    const int Batch = 500;

    /// <summary>Renewals in one lease, so that some may be missed.</summary>
    const int Renewals = 5;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Versions begin at the time in µs: one from before Redis was emptied is never met again.</summary>
    const string NextVersion = """
        if redis.call('EXISTS', KEYS[3]) == 1 then
          redis.call('INCR', KEYS[3])
        else
          local now = redis.call('TIME')
          redis.call('SET', KEYS[3], string.format('%.0f', now[1] * 1000000 + now[2]))
        end
        """;

    // KEYS: the node's own two, the version, users and guilds; ARGV: node, then + or - for each.
    static readonly RedisScript Write = new("""
        local added = 0
        for i = 4, #KEYS do
          local change = string.sub(ARGV[i - 2], 1, 1)
          local own = string.sub(ARGV[i - 2], 2, 2) == 'u' and KEYS[1] or KEYS[2]
          local id = string.sub(ARGV[i - 2], 3)
          redis.call(change == '+' and 'SADD' or 'SREM', KEYS[i], ARGV[1])
          redis.call(change == '+' and 'SADD' or 'SREM', own, id)
          if change == '+' then added = 1 end
        end
        if added == 0 then return 0 end

        """ + NextVersion + "\nreturn 0");

    // 0 where the node is not listed, or its lease has ended and somebody may be taking back what it wrote.
    static readonly RedisScript Renew = new("""
        local t = redis.call('TIME')
        local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
        if not ends or tonumber(ends) < t[1] * 1000 then return 0 end
        redis.call('ZADD', KEYS[1], t[1] * 1000 + ARGV[2], ARGV[1])
        return 1
        """);

    // 0 where Redis was emptied while the node was writing.
    static readonly RedisScript Enlist = new("""
        if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
        redis.call('DEL', KEYS[2])
        local t = redis.call('TIME')
        redis.call('ZADD', KEYS[1], t[1] * 1000 + ARGV[2], ARGV[1])

        """ + NextVersion + "\nreturn 1");

    readonly Lock gate = new();
    readonly HashSet<HostedKey> hosted = [];
    readonly Dictionary<HostedKey, bool> unwritten = [];
    readonly SemaphoreSlim wake = new(0);
    TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long changes;
    long written;
    bool listed;

    /// <summary>On any thread; never waits.</summary>
    internal void Changed(HostedKey key, bool isHosted)
    {
        lock (gate)
        {
            if (isHosted) hosted.Add(key);
            else hosted.Remove(key);
            unwritten[key] = isHosted;
            changes++;
            // One permit is enough: whoever wakes takes all.
            if (wake.CurrentCount == 0) wake.Release();
        }
    }

    internal async ValueTask SettleAsync(CancellationToken ct)
    {
        var patience = clock.GetTimestamp();
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (listed && written >= changes) return;
                next = settled.Task;
            }

            try
            {
                await next.WaitAsync(link.Options.Timeout * 2, clock, ct);
            }
            catch (TimeoutException e)
            {
                throw new UnavailableException("Redis", e);
            }

            if (clock.GetElapsedTime(patience) > link.Options.Timeout * 5) throw new UnavailableException("Redis");
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await new RedisReaper(link, presences).ReapAsync(node, cancellationToken);
        }
        catch (Exception e)
        {
            // The lease ends by itself, and somebody else does it then.
            LogLeft(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnEmptied(object? sender, EventArgs e)
        {
            lock (gate) listed = false;
            wake.Release();
        }

        link.Emptied += OnEmptied;
        try
        {
            await RunAsync(stoppingToken);
        }
        finally
        {
            link.Emptied -= OnEmptied;
        }
    }

    async Task RunAsync(CancellationToken ct)
    {
        var period = link.Options.Lease / Renewals;
        var reaper = new RedisReaper(link, presences);
        var renewed = clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (!listed) await EnlistAsync(ct);
                while (await WriteSomeAsync(ct))
                {
                    // Until nothing is left.
                }

                if (clock.GetElapsedTime(renewed) >= period)
                {
                    renewed = clock.GetTimestamp();
                    await RenewAsync(ct);
                    await reaper.ReapOthersAsync(node, ct);
                }

                await wake.WaitAsync(period, ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (e is not UnavailableException) LogFailed(e);
                await Task.WhenAny(Task.Delay(Pause, clock, ct));
            }
        }
    }

    /// <summary>Writes down everyone who is hosted, then lists the node.</summary>
    async Task EnlistAsync(CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString("N");
        HostedKey[] all;
        long through;
        lock (gate)
        {
            (all, through) = ([.. hosted], changes);
            unwritten.Clear();
        }

        try
        {
            if (await link.RunAsync(db => db.KeyExistsAsync(RedisKeys.Reaping(node.Value)), ct)) throw new UnavailableException("Redis");
            await link.RunAsync(db => db.StringSetAsync(RedisKeys.Writing(node.Value), token), ct);
            var reaped = await link.RunAsync(db => db.KeyDeleteAsync(RedisKeys.Reaped(node.Value)), ct);
            foreach (var some in all.Chunk(Batch))
                await WriteAsync([.. some.Select(key => KeyValuePair.Create(key, true))], ct);
            foreach (var user in presences.Own)
                await presences.RepeatAsync(user, tell: reaped, ct);
            if ((int)await link.RunAsync(Enlist, [RedisKeys.Nodes, RedisKeys.Writing(node.Value), RedisKeys.HostingVersion], [node.Value, (long)link.Options.Lease.TotalMilliseconds, token], ct) == 0) return;
            // While it was taken for gone, nothing was sent to it.
            if (reaped) await sink().LostAsync(ct);
        }
        catch
        {
            Put(all.Select(key => KeyValuePair.Create(key, true)));
            throw;
        }

        Settle(through, isListed: true);
        LogListed(node, all.Length);
    }

    /// <summary>False where there is nothing to write.</summary>
    async Task<bool> WriteSomeAsync(CancellationToken ct)
    {
        KeyValuePair<HostedKey, bool>[] batch;
        long through;
        lock (gate)
        {
            if (!listed || unwritten.Count == 0) return false;
            batch = [.. unwritten.Take(Batch)];
            foreach (var (key, _) in batch)
                unwritten.Remove(key);
            through = unwritten.Count == 0 ? changes : written;
        }

        try
        {
            await WriteAsync(batch, ct);
        }
        catch
        {
            Put(batch);
            throw;
        }

        Settle(through, isListed: null);
        return true;
    }

    async Task WriteAsync(IReadOnlyList<KeyValuePair<HostedKey, bool>> batch, CancellationToken ct)
    {
        RedisKey[] keys = [RedisKeys.UsersOf(node.Value), RedisKeys.GuildsOf(node.Value), RedisKeys.HostingVersion,
            .. batch.Select(b => (RedisKey)(b.Key.Kind == HostedKind.User ? RedisKeys.User(b.Key.Id) : RedisKeys.Guild(b.Key.Id)))];
        RedisValue[] values = [node.Value, .. batch.Select(b => (RedisValue)$"{(b.Value ? '+' : '-')}{(b.Key.Kind == HostedKind.User ? 'u' : 'g')}{b.Key.Id}")];
        await link.RunAsync(Write, keys, values, ct);
    }

    async Task RenewAsync(CancellationToken ct)
    {
        if ((int)await link.RunAsync(Renew, [RedisKeys.Nodes], [node.Value, (long)link.Options.Lease.TotalMilliseconds], ct) == 1) return;
        lock (gate) listed = false;
        wake.Release();
    }

    /// <summary>What could not be written, unless it has changed since.</summary>
    void Put(IEnumerable<KeyValuePair<HostedKey, bool>> batch)
    {
        lock (gate)
        {
            foreach (var (key, isHosted) in batch)
                unwritten.TryAdd(key, isHosted);
        }
    }

    void Settle(long through, bool? isListed)
    {
        lock (gate)
        {
            written = Math.Max(written, through);
            listed = isListed ?? listed;
            settled.SetResult();
            settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    [LoggerMessage(2260, LogLevel.Information, "{Node} is listed, with {Hosted} users and guilds")]
    partial void LogListed(NodeId node, int hosted);

    [LoggerMessage(2262, LogLevel.Warning, "What this node has written in Redis could not be taken back: that is left to the others")]
    partial void LogLeft(Exception e);

    [LoggerMessage(2261, LogLevel.Error, "Whom this node hosts could not be written down; it is tried again")]
    partial void LogFailed(Exception e);
}

/// <summary>Takes back what nodes that are gone have written. What is interrupted, the next one goes on with.</summary>
sealed class RedisReaper(RedisLink link, RedisPresenceDirectory presences)
{
    const int Batch = 200;

    /// <summary>One node does it; should it die meanwhile, another one begins after so many seconds.</summary>
    const int LockSeconds = 30;

    static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    static readonly RedisScript Expired = new("""
        local t = redis.call('TIME')
        return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', t[1] * 1000 - 1)
        """);

    static readonly RedisScript Claim = new("return redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) and 1 or 0");

    static readonly RedisScript Take = new("""
        for i = 2, #KEYS do redis.call('SREM', KEYS[i], ARGV[1]) end
        redis.call('SREM', KEYS[1], unpack(ARGV, 2))
        return 0
        """);

    public async Task ReapOthersAsync(NodeId self, CancellationToken ct)
    {
        foreach (var gone in (string[])await link.RunAsync(Expired, [RedisKeys.Nodes], [], ct))
        {
            if (gone == self.Value || (int)await link.RunAsync(Claim, [RedisKeys.Reaping(gone)], [LockSeconds], ct) == 0) continue;
            await link.RunAsync(db => db.StringSetAsync(RedisKeys.Reaped(gone), "1", Remembered), ct);
            await ReapAsync(new NodeId(gone), ct);
        }
    }

    public async Task ReapAsync(NodeId gone, CancellationToken ct)
    {
        await TakeAsync(RedisKeys.GuildsOf(gone.Value), gone, id => Task.FromResult(RedisKeys.Guild(id)), ct);
        await TakeAsync(RedisKeys.UsersOf(gone.Value), gone, async id =>
        {
            await presences.TakeBackAsync(new UserId(id), gone, ct);
            return RedisKeys.User(id);
        }, ct);
        await link.RunAsync(db => db.SortedSetRemoveAsync(RedisKeys.Nodes, gone.Value), ct);
        await link.RunAsync(db => db.KeyDeleteAsync([RedisKeys.Inbox(gone.Value), RedisKeys.InboxLast(gone.Value), RedisKeys.Reaping(gone.Value)]), ct);
    }

    async Task TakeAsync(string of, NodeId gone, Func<long, Task<string>> take, CancellationToken ct)
    {
        while (await link.RunAsync(db => db.SetRandomMembersAsync(of, Batch), ct) is { Length: > 0 } some)
        {
            List<RedisKey> keys = [of];
            foreach (var id in some)
                keys.Add(await take((long)id));
            await link.RunAsync(Take, [.. keys], [gone.Value, .. some], ct);
            await link.RunAsync(db => db.KeyExpireAsync(RedisKeys.Reaping(gone.Value), TimeSpan.FromSeconds(LockSeconds)), ct);
        }
    }
}

using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// This process's connection to Redis. Every command has a time limit; the first that misses it, or a lost connection, makes Redis count as away: commands then fail
/// at once, without being queued, until a probe is answered. So a Redis that hangs costs one time limit and holds no memory.
/// </summary>
public sealed partial class RedisLink : IAsyncDisposable
{
    /// <summary>Commands without an answer; about 20 MB at worst.</summary>
    const int MaxWaiting = 20_000;

    const int ReconnectMilliseconds = 250;

    /// <summary>A process that starts beside others on a full machine is not turned away for it.</summary>
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    static readonly TimeSpan ProbeWhileAway = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>Says since when Redis has its memory, and begins to count where it has none.</summary>
    static readonly RedisScript Probe = new("""
        local epoch = redis.call('GET', KEYS[1])
        if not epoch then
          local t = redis.call('TIME')
          epoch = string.format('%.0f', t[1] * 1000000 + t[2])
          redis.call('SET', KEYS[1], epoch)
        end
        return epoch
        """);

    /// <summary>How errors begin that pass without anyone's doing here.</summary>
    static readonly string[] Refusals = ["LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "MASTERDOWN", "NOREPLICAS"];

    readonly RedisOptions options;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly ConnectionMultiplexer connection;
    readonly CancellationTokenSource stopping = new();
    readonly Task probing;
    string? epoch;
    int waiting;
    volatile bool up = true;

    public RedisLink(RedisOptions options, TimeProvider clock, ILogger<RedisLink> log)
    {
        (this.options, this.clock, this.log) = (options, clock, log);
        connection = ConnectionMultiplexer.Connect(Configure(options));
        connection.ConnectionRestored += (_, e) =>
        {
            if (e.ConnectionType == ConnectionType.Subscription) Resubscribed?.Invoke(this, EventArgs.Empty);
        };
        probing = Task.Run(ProbeAsync);
    }

    public RedisOptions Options => options;

    /// <summary>False while commands fail at once.</summary>
    public bool IsUp => up;

    /// <summary>Commands without an answer yet.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>For publish and subscribe, which have a connection of their own.</summary>
    public ISubscriber Subscriber => connection.GetSubscriber();

    /// <summary>Redis answers again. Raised by the probe; handlers must not block.</summary>
    public event EventHandler? Returned;

    /// <summary>Redis has lost all that was in it. As above.</summary>
    public event EventHandler? Emptied;

    /// <summary>The connection for subscriptions is there again after a loss: what was published meanwhile did not come.</summary>
    public event EventHandler? Resubscribed;

    /// <summary>Throws where Redis does not answer, or refuses this process.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        try
        {
            await connection.GetDatabase().PingAsync().WaitAsync(StartPatience, clock, ct);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new UnavailableException("Redis", e);
        }
    }

    internal Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] values, CancellationToken ct) =>
        RunAsync(db => db.ScriptEvaluateAsync(script.Text, keys, values), ct);

    internal async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken ct)
    {
        for (var again = false; ; again = true)
        {
            if (!up) throw new UnavailableException("Redis");
            try
            {
                return await Bounded(command).WaitAsync(options.Timeout, clock, ct);
            }
            catch (RedisServerException e) when (!again && e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // It was restarted and forgot its scripts; the connection knows that now, and sends the text.
            }
            catch (Exception e) when (e is RedisConnectionException or TimeoutException or ObjectDisposedException || IsBusy(e))
            {
                Leave(e);
                throw new UnavailableException("Redis", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await probing;
        stopping.Dispose();
        await connection.CloseAsync(allowCommandsToComplete: false);
        connection.Dispose();
    }

    static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Address);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName = "kith";
        configuration.ConnectTimeout = 2000;
        configuration.ConnectRetry = 1;
        configuration.KeepAlive = 5;
        configuration.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        configuration.Ssl = options.Tls;
        if (options.Password.Length > 0) configuration.Password = options.Password;
        return configuration;
    }

    /// <summary>It is reading its data, a script does not end, its memory or disk is full, or it is no master at the moment.</summary>
    static bool IsBusy(Exception e) => e is RedisServerException && Array.Exists(Refusals, refusal => e.Message.StartsWith(refusal, StringComparison.Ordinal));

    Task<T> Bounded<T>(Func<IDatabase, Task<T>> command)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new UnavailableException("Redis");
        }

        Task<T> running;
        try
        {
            running = command(connection.GetDatabase());
        }
        catch
        {
            Interlocked.Decrement(ref waiting);
            throw;
        }

        // Counted until Redis has answered or the connection is lost, however long its caller waits.
        _ = running.ContinueWith(
            done =>
            {
                Interlocked.Decrement(ref waiting);
                _ = done.Exception;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    void Leave(Exception why)
    {
        if (!up) return;
        up = false;
        LogAway(why.GetType().Name, why.Message);
    }

    async Task ProbeAsync()
    {
        Task<RedisResult>? asked = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // One at a time, however long it takes to be answered.
                if (asked is null || asked.IsCompleted) asked = connection.GetDatabase().ScriptEvaluateAsync(Probe.Text, [RedisKeys.Epoch]);
                Answered((string)await asked.WaitAsync(options.Timeout, clock, stopping.Token));
                await Task.Delay(ProbeInterval, clock, stopping.Token);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (e is not RedisServerException { Message: var message } || !message.StartsWith("NOSCRIPT", StringComparison.Ordinal)) Leave(e);
                await Task.WhenAny(Task.Delay(ProbeWhileAway, clock, stopping.Token));
            }
        }
    }

    void Answered(string now)
    {
        var returned = !up;
        up = true;
        if (returned) LogBack();
        var emptied = epoch is not null && epoch != now;
        epoch = now;
        if (emptied)
        {
            LogEmptied();
            Emptied?.Invoke(this, EventArgs.Empty);
        }

        if (returned) Returned?.Invoke(this, EventArgs.Empty);
    }

    [LoggerMessage(2250, LogLevel.Warning, "Redis is away ({Kind}: {Why})")]
    partial void LogAway(string kind, string why);

    [LoggerMessage(2251, LogLevel.Information, "Redis is back")]
    partial void LogBack();

    [LoggerMessage(2252, LogLevel.Warning, "Redis has lost its memory: what this process holds is written anew")]
    partial void LogEmptied();
}

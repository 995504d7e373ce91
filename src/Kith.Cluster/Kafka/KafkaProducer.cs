using Confluent.Kafka;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.Kafka;

/// <summary>
/// The producer of this process. What was sent stays in line, in order, until the brokers have it: their absence makes who waits for it give up, but loses nothing while the
/// process lives. Kafka counts as away once a send was not taken within the time allowed, or when no broker answers; it is asked twice a second until it is back.
/// </summary>
public sealed partial class KafkaProducer : IDisposable
{
    static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    /// <summary>At the end, for what is still in line.</summary>
    static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    readonly KafkaOptions options;
    readonly TimeProvider clock;
    readonly ILogger<KafkaProducer> log;
    readonly CancellationTokenSource ending = new();
    readonly Lock gate = new();
    IProducer<byte[], byte[]> producer;
    int late;
    bool probing;
    volatile bool away;

    public KafkaProducer(KafkaOptions options, TimeProvider clock, ILogger<KafkaProducer> log)
    {
        (this.options, this.clock, this.log) = (options, clock, log);
        producer = Build();
    }

    public bool IsAway => away;

    /// <exception cref="UnavailableException">Kafka is known to be away.</exception>
    public void RefuseIfAway()
    {
        if (away) throw new UnavailableException("Kafka");
    }

    /// <summary>For readiness.</summary>
    public Task CheckAsync(CancellationToken ct)
    {
        RefuseIfAway();
        return Task.CompletedTask;
    }

    /// <summary>Puts a record in line, at once and in the order of calls. The task ends when all replicas in sync have it.</summary>
    /// <exception cref="UnavailableException">It was not taken: the line is full, or the producer has failed and is being replaced.</exception>
    public Task SendAsync(string topic, byte[] key, byte[] value)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Volatile.Read(ref producer).Produce(topic, new Message<byte[], byte[]> { Key = key, Value = value }, report =>
            {
                if (report.Error.IsError)
                {
                    taken.TrySetException(new UnavailableException("Kafka", new KafkaException(report.Error)));
                    return;
                }

                if (away) Back();
                taken.TrySetResult();
            });
        }
        catch (Exception e) when (e is ObjectDisposedException or KafkaException { Error.Code: not ErrorCode.MsgSizeTooLarge })
        {
            throw new UnavailableException("Kafka", e);
        }

        return taken.Task;
    }

    /// <summary>Waits until what was sent is taken.</summary>
    /// <exception cref="UnavailableException">It was not taken within the time allowed, or Kafka is away already. It stays in line.</exception>
    public async ValueTask WaitAsync(Task sent, CancellationToken ct)
    {
        try
        {
            if (away && !sent.IsCompleted) throw new TimeoutException();
            await sent.WaitAsync(options.PublishTimeout, clock, ct);
        }
        catch (TimeoutException)
        {
            Interlocked.Increment(ref late);
            _ = sent.ContinueWith(_ => Interlocked.Decrement(ref late), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            Away();
            throw new UnavailableException("Kafka");
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        if (!away) producer.Flush(LastPatience);
        producer.Dispose();
        ending.Dispose();
    }

    IProducer<byte[], byte[]> Build() => new ProducerBuilder<byte[], byte[]>(KafkaConfiguration.Producer(options))
        .SetErrorHandler((failed, error) => Failed(failed, error))
        .SetLogHandler((_, line) => LogLibrary(line.Message))
        .Build();

    void Failed(IProducer<byte[], byte[]> failed, Error error)
    {
        LogError(error.Code.ToString(), error.Reason);
        if (error.IsFatal) _ = ReplaceAsync(failed);
        else if (error.Code == ErrorCode.Local_AllBrokersDown) Probe();
    }

    /// <summary>A producer that lost its place in a partition's sequence takes nothing any more. What it held fails, was never acknowledged, and is sent again by who asked for it.</summary>
    async Task ReplaceAsync(IProducer<byte[], byte[]> failed)
    {
        // What made this one fail may do the same to the next.
        await Task.Delay(ProbeEvery, clock, CancellationToken.None);
        lock (gate)
        {
            if (failed != producer || ending.IsCancellationRequested) return;
            LogReplaced();
            Volatile.Write(ref producer, Build());
        }

        failed.Dispose();
    }

    void Away()
    {
        if (!away) LogAway();
        away = true;
        Probe();
    }

    void Back()
    {
        if (!away) return;
        away = false;
        LogBack();
    }

    void Probe()
    {
        lock (gate)
        {
            if (probing || ending.IsCancellationRequested) return;
            probing = true;
        }

        _ = Task.Run(ProbeAsync);
    }

    /// <summary>Asks until Kafka answers. While something is in line, only its being taken counts.</summary>
    async Task ProbeAsync()
    {
        while (true)
        {
            var answers = Answers();
            if (!answers && !away) LogAway();
            if (!answers) away = true;
            else if (Volatile.Read(ref late) == 0) Back();
            lock (gate)
            {
                // Under the lock, so that who finds Kafka away now either is seen here or begins anew.
                if (!away || ending.IsCancellationRequested)
                {
                    probing = false;
                    return;
                }
            }

            await Task.Delay(ProbeEvery, clock, CancellationToken.None);
        }
    }

    bool Answers()
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(Volatile.Read(ref producer).Handle).Build();
            var topic = admin.GetMetadata(ProbePatience).Topics.Find(t => t.Topic == options.EventsTopic);
            return topic?.Partitions.TrueForAll(p => p.Leader >= 0) ?? false;
        }
        catch (Exception e) when (e is KafkaException or ObjectDisposedException)
        {
            return false;
        }
    }

    [LoggerMessage(2110, LogLevel.Error, "Kafka is away: requests that would have to tell something are refused until it is back")]
    partial void LogAway();

    [LoggerMessage(2111, LogLevel.Information, "Kafka is back")]
    partial void LogBack();

    [LoggerMessage(2112, LogLevel.Critical, "Kafka's producer failed for good and is replaced")]
    partial void LogReplaced();

    [LoggerMessage(2113, LogLevel.Debug, "Kafka: {Code}: {Reason}")]
    partial void LogError(string code, string reason);

    [LoggerMessage(2114, LogLevel.Debug, "Kafka: {Line}")]
    partial void LogLibrary(string line);
}

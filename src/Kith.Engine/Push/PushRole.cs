using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>
/// Runs the notify role beside a log in memory. Notes how far it has come, a second behind: a process that was killed reads from there on what it had not turned into notices,
/// and so does one whose feed overflowed.
/// </summary>
/// <param name="backlog">Null in a cluster, where a process that starts again cannot tell what others have done.</param>
public sealed partial class PushRole(PushFeed feed, PushConsumer consumer, PushThreads threads, TimeProvider clock, ILogger<PushRole> log, PushBacklog? backlog = null) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>One wait for each, whichever comes first: a new one for every message would cost more than the message.</summary>
    Task? reading, second;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => threads.RunAsync(() => RunAsync(stoppingToken));

    async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (backlog is not null) await RetryAsync(backlog.BeginAsync, stoppingToken);
            var noted = clock.GetTimestamp();
            while (true)
            {
                await WaitAsync(stoppingToken);
                while (feed.Waiting.TryRead(out var e))
                    await HandleAsync(e, stoppingToken);
                if (backlog is null) continue;
                if (feed.HasMissed()) await RetryAsync(backlog.CatchUpAsync, stoppingToken);
                if (clock.GetElapsedTime(noted) < Interval) continue;
                await RetryAsync(backlog.NoteAsync, stoppingToken);
                noted = clock.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is read from the store at the next start.
        }
    }

    /// <summary>Until there is something to read, or a second has passed.</summary>
    async Task WaitAsync(CancellationToken ct)
    {
        reading ??= feed.Waiting.WaitToReadAsync(ct).AsTask();
        second ??= Task.Delay(Interval, clock, ct);
        var first = await Task.WhenAny(reading, second);
        if (first == second) second = null;
        if (reading.IsCompleted) reading = null;
        await first;
    }

    async Task HandleAsync(Event e, CancellationToken ct)
    {
        try
        {
            await RetryAsync(cancel => consumer.HandleAsync(e, cancel).AsTask(), ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure, e.Name);
        }

        if (e is { Name: "MESSAGE_CREATE", Message: { } stamp }) backlog?.Handled(stamp.Id);
    }

    /// <summary>While the store is away there is nothing to do but to wait for it.</summary>
    async Task RetryAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await work(ct);
                return;
            }
            catch (UnavailableException e)
            {
                LogAway(e, e.Dependency);
                await Task.Delay(Interval, clock, ct);
            }
        }
    }

    [LoggerMessage(1602, LogLevel.Error, "Nobody is notified of {Name}")]
    partial void LogFailed(Exception e, string name);

    [LoggerMessage(1604, LogLevel.Warning, "{Dependency} is away; pushes wait for it")]
    partial void LogAway(Exception e, string dependency);
}

/// <summary>How far messages have been turned into notices, and those that were not. Belongs to <see cref="PushRole"/>.</summary>
public sealed partial class PushBacklog(
    IPushBacklogStore store, IMessageStore messages, MessageNotifier notifier, PushQueue queue, PushOptions options, TimeProvider clock, ILogger<PushBacklog> log)
{
    const int Page = 200;

    MessageId handled, noted;

    public void Handled(MessageId message) => handled = message > handled ? message : handled;

    /// <summary>The first start ever begins with what is new: nobody wants a push for every message of the past.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        var known = await store.ProgressAsync(ct);
        handled = known ?? await messages.NewestIdAsync(ct);
        noted = known ?? default;
        await CatchUpAsync(ct);
        await NoteAsync(ct);
    }

    public async Task CatchUpAsync(CancellationToken ct)
    {
        var from = handled;
        IReadOnlyList<MessageRecord> page;
        do
        {
            page = await store.MessagesAsync(handled, Page, ct);
            foreach (var message in page)
            {
                // Older ones a push service would not keep any more.
                if (clock.GetUtcNow() - message.Timestamp < options.TimeToLive) await notifier.NotifyAsync(new MessageKey(message.ChannelId, message.Id), message.AuthorId, message, ct);
                handled = message.Id;
            }
        }
        while (page.Count == Page);
        if (handled > from) LogCaughtUp(from, handled);
        await queue.WithdrawReadAsync(ct);
    }

    public async Task NoteAsync(CancellationToken ct)
    {
        if (handled == noted) return;
        await store.SaveProgressAsync(handled, ct);
        noted = handled;
    }

    [LoggerMessage(1603, LogLevel.Information, "Messages after {From} up to {Through} were not in the queue yet")]
    partial void LogCaughtUp(MessageId from, MessageId through);
}

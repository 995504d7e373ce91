using System.Diagnostics;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Messages;

/// <summary>A message on its way: made under its lane's lock, so that ids, commits and events of a channel have one order.</summary>
/// <param name="make">The message and its event under an id.</param>
public sealed class PendingMessage(MessageId id, Func<MessageId, (MessageRecord Record, Event Event)> make) : IThreadPoolWorkItem
{
    (MessageRecord Record, Event Event) made = make(id);

    public MessageRecord Record => made.Record;

    public Event Event => made.Event;

    /// <summary>It was committed there, before anybody was told of it.</summary>
    public void Place(PlacedMessage placed)
    {
        if (!placed.IsNew) return;
        var trace = Event.Trace;
        if (placed.Id != Record.Id) made = make(placed.Id);
        made.Event = made.Event.In(trace).After(placed.Previous);
    }

    /// <summary>The id under which it is known: its own, or that of the first with the same nonce. Completes after commit and publication.</summary>
    public Task<MessageId> Stored => completion.Task;

    readonly TaskCompletionSource<MessageId> completion = new();
    MessageId known;

    /// <summary>
    /// Its sender goes on after those who were completed before. In the queue of the thread that completes a batch they would be served last come, first served, and under load the first of
    /// a batch would wait for batch after batch.
    /// </summary>
    public void Complete(MessageId storedAs)
    {
        known = storedAs;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Fail(Exception e) => ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Pending.completion.TrySetException(failed.Error), (Pending: this, Error: e), preferLocal: false);

    void IThreadPoolWorkItem.Execute() => completion.TrySetResult(known);
}

/// <summary>
/// One line of writing: takes all that waits, stores it in one commit ("group commit"), publishes in order, then answers; while a batch is told of, the next is stored. Channels are spread
/// over lanes by id, so one channel is always in one lane. One loop runs at a time; <see cref="gate"/> guards the waiting list.
/// </summary>
/// <param name="commit">Stores a batch and answers with the id under which each is known; the batch then has what was stored.</param>
sealed class MessageLane(Func<List<PendingMessage>, Task<IReadOnlyList<MessageId>>> commit, MessageEffects effects, IEventLog events, PublishedMessages published)
{
    /// <summary>Messages in one commit: bounds the wait of the first.</summary>
    const int MaxBatch = 256;

    /// <summary>Fewer messages are told of more quickly than handed to another thread.</summary>
    const int Few = 16;

    /// <summary>Beyond it senders are told that the server is overloaded, rather than waiting without an end.</summary>
    const int MaxWaiting = 20_000;

    readonly Lock gate = new();
    Queue<PendingMessage> waiting = new();
    bool running;

    /// <summary>Publication of the batch before: the loop's, and the next loop's.</summary>
    Task telling = Task.CompletedTask;

    /// <summary>Makes the message (minting its id) and queues it, as one step. Null where too many wait.</summary>
    public PendingMessage? Enqueue(Func<PendingMessage> make)
    {
        PendingMessage pending;
        lock (gate)
        {
            if (waiting.Count >= MaxWaiting) return null;
            pending = make();
            waiting.Enqueue(pending);
            MessageMeters.Queued(1);
            if (running) return pending;
            running = true;
        }

        // Of no request, though one of them begins it: up to where the store has to be waited for, which is nearer than another thread.
        using (ExecutionContext.SuppressFlow()) _ = RunAsync();
        return pending;
    }

    async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var ids = await StoreAsync(batch);
                // In order, and no more than one batch behind.
                await telling;
                telling = batch.Count < Few ? TellAsync(batch, ids) : Task.Run(() => TellAsync(batch, ids));
            }
            catch (Exception e)
            {
                foreach (var pending in batch)
                    pending.Fail(e);
            }
        }
    }

    /// <summary>What waits; where nothing does, the loop has ended.</summary>
    List<PendingMessage> Take()
    {
        lock (gate)
        {
            List<PendingMessage> batch = new(Math.Min(MaxBatch, waiting.Count));
            while (batch.Count < MaxBatch && waiting.TryDequeue(out var pending))
                batch.Add(pending);
            running = batch.Count > 0;
            MessageMeters.Queued(-batch.Count);
            return batch;
        }
    }

    async Task<IReadOnlyList<MessageId>> StoreAsync(List<PendingMessage> batch)
    {
        var began = Stopwatch.GetTimestamp();
        IReadOnlyList<MessageId> ids;
        using (TracedBatch.Of("store", batch))
            ids = await effects.StoreAsync([.. batch.Select(p => p.Record)], () => commit(batch));
        MessageMeters.Committed(began);
        return ids;
    }

    async Task TellAsync(List<PendingMessage> batch, IReadOnlyList<MessageId> ids)
    {
        try
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (ids[i] == batch[i].Record.Id) effects.Stored(batch[i].Record);
            }

            await PublishAsync(batch, ids);
        }
        catch (Exception e)
        {
            foreach (var pending in batch)
                pending.Fail(e);
        }
    }

    async Task PublishAsync(List<PendingMessage> batch, IReadOnlyList<MessageId> ids)
    {
        using var steps = TracedBatch.Of("publish", batch, ActivityKind.Producer);
        var publishing = new Task[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            // A repeat is published only where the first may not have been, after a crash between commit and publication; its sender does that.
            publishing[i] = ids[i] == batch[i].Record.Id ? events.PublishAsync(batch[i].Event, CancellationToken.None).AsTask() : Task.CompletedTask;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                await publishing[i];
                if (ids[i] == batch[i].Record.Id) published.Add(ids[i]);
                batch[i].Complete(ids[i]);
            }
            catch (Exception e)
            {
                batch[i].Fail(e);
            }
        }
    }
}

/// <summary>One step that many messages take together: a span for each that is traced.</summary>
readonly struct TracedBatch : IDisposable
{
    readonly List<Activity>? steps;

    TracedBatch(List<Activity>? steps) => this.steps = steps;

    public static TracedBatch Of(string name, List<PendingMessage> batch, ActivityKind kind = ActivityKind.Internal)
    {
        List<Activity>? begun = null;
        foreach (var pending in batch)
        {
            if (Tracing.Continue(name, pending.Event.Trace, kind) is { } step) (begun ??= []).Add(step.SetTag("kith.batch", batch.Count));
        }

        return new TracedBatch(begun);
    }

    /// <summary>Last first, as each ends within the one before.</summary>
    public void Dispose()
    {
        for (var i = (steps?.Count ?? 0) - 1; i >= 0; i--)
            steps![i].Dispose();
    }
}

/// <summary>The newest messages that this process has published, so that a repeated send does not publish again. Bounded; forgetting one costs a repeat that clients drop by id.</summary>
public sealed class PublishedMessages
{
    const int Capacity = 65_536;

    readonly Lock gate = new();
    readonly HashSet<MessageId> set = [];
    readonly Queue<MessageId> order = new();

    public void Add(MessageId id)
    {
        lock (gate)
        {
            if (!set.Add(id)) return;
            order.Enqueue(id);
            if (order.Count > Capacity) set.Remove(order.Dequeue());
        }
    }

    public bool Contains(MessageId id)
    {
        lock (gate)
            return set.Contains(id);
    }
}

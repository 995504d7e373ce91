using System.Net;
using Kith.Load.Measures;
using Kith.Load.Sockets;
using Kith.Load.Wire;
using Kith.Load.Workers;

namespace Kith.Load.Traffic;

/// <param name="Numbers">By channel, the number of the last message; goes on from one loop to the next.</param>
/// <param name="FirstClient">Number within the run of the loop's first connection, from which its address follows.</param>
internal sealed record TrafficLoopOptions(IPEndPoint Target, ulong[] Channels, ushort Run, uint[] Numbers, int FirstClient);

/// <summary>
/// Sends what a source says over keep-alive HTTP connections, one request at a time on each. What fails is tried again with the same nonce, as a client
/// does that must not lose a message; only the first success counts, and its latency reaches back to when the message was first due.
/// </summary>
internal sealed class TrafficLoop : EventLoop
{
    const int MostAttempts = 20;
    const long RetryMicroseconds = 100_000, LastWordMicroseconds = 20 * Clock.Second;

    readonly TrafficLoopOptions _options;
    readonly TrafficPlan _plan;
    readonly TrafficSource _source;
    readonly CounterCell _counters;
    readonly RequestWriter _writer;
    readonly HttpLane[] _lanes;
    readonly Stack<int> _idle = [];
    readonly PriorityQueue<Operation, long> _retries = new();
    readonly ulong[] _newest;
    readonly TaskCompletionSource<TrafficResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TrafficLoop(TrafficLoopOptions options, TrafficPlan plan, TrafficSource source, CounterCell counters)
        : base("traffic")
    {
        (_options, _plan, _source, _counters) = (options, plan, source, counters);
        _writer = new(options.Target.ToString(), options.Channels, plan, options.Run);
        _newest = new ulong[options.Channels.Length];
        Result = new(options.Channels.Length);
        _lanes = [.. Enumerable.Range(0, plan.Connections).Select(_ => new HttpLane())];
        Post(() => Array.ForEach([.. Enumerable.Range(0, _lanes.Length)], Connect));
    }

    public Task<TrafficResult> Done => _done.Task;

    TrafficResult Result { get; }

    protected override TimeSpan Patience()
    {
        var now = Clock.Now;
        var next = _retries.TryPeek(out _, out var retry) ? retry : long.MaxValue;
        if (_idle.Count > 0 && !_source.Exhausted(now)) next = Math.Min(next, _source.NextDue(now));
        return Clock.Span(Math.Clamp(next - now, 0, 50_000));
    }

    protected override void OnEvent(ulong tag, uint events)
    {
        var index = (int)(uint)tag;
        var lane = _lanes[index];
        if (lane.Descriptor < 0 || lane.Generation != (ushort)(tag >> 32)) return;
        try
        {
            if (lane.Connected) Read(index);
            else OnConnected(index);
        }
        catch (InvalidDataException e)
        {
            Break(index, "protocol: " + e.Message);
        }
    }

    protected override void OnTurn()
    {
        var now = Clock.Now;
        while (_idle.TryPeek(out var lane) && TryNext(now, lane, out var operation))
        {
            _idle.Pop();
            Start(lane, operation);
        }

        if (_done.Task.IsCompleted || !_source.Exhausted(now)) return;
        var open = _retries.Count + _lanes.Count(lane => lane.Busy);
        if (open > 0 && now < _plan.Until + LastWordMicroseconds) return;
        if (open > 0) Result.Fail("never answered", open);
        _done.SetResult(Result);
    }

    protected override void OnStop()
    {
        foreach (var lane in _lanes.Where(lane => lane.Descriptor >= 0)) Connections.Close(lane.Descriptor);
    }

    bool TryNext(long now, int lane, out Operation operation)
    {
        if (_retries.TryPeek(out _, out var due) && due <= now)
        {
            operation = _retries.Dequeue();
            return true;
        }

        while (_source.TryNext(now, lane, out operation))
        {
            // Nothing to ack in a channel in which nothing has been said.
            if (operation.Kind == OperationKind.Ack && _newest[operation.Channel] == 0) continue;
            if (operation.Kind == OperationKind.Send) operation = operation with { Number = ++_options.Numbers[operation.Channel] };
            return true;
        }

        return false;
    }

    void Start(int index, in Operation operation)
    {
        var lane = _lanes[index];
        lane.Operation = operation;
        lane.Busy = true;
        var request = _writer.Write(operation, _source.Texts, _newest[operation.Channel]);
        if (Connections.Send(lane.Descriptor, request) != request.Length) Break(index, "send failed");
    }

    void Read(int index)
    {
        var lane = _lanes[index];
        var read = lane.Receive();
        if (read == Connections.WouldBlock) return;
        if (read <= 0)
        {
            Break(index, lane.Busy ? "connection ended" : null);
            return;
        }

        if (!HttpReply.TryRead(lane.Received, out var reply) || !lane.Busy) return;
        lane.Busy = false;
        OnReply(lane.Operation, reply);
        lane.Clear();
        if (reply.Closes) Break(index, null);
        else _idle.Push(index);
    }

    void OnReply(in Operation operation, in HttpReply reply)
    {
        if (reply.Status is >= 200 and < 300)
        {
            Succeed(operation, reply);
        }
        else if (reply.Status == 429)
        {
            Result.Throttled++;
            Retry(operation, "429", Clock.Now + RetryAfter(reply));
        }
        else if (reply.Status >= 500)
        {
            Retry(operation, $"{operation.Kind}: {reply.Status}", Clock.Now + RetryMicroseconds);
        }
        else
        {
            Fail($"{operation.Kind}: {reply.Status} {System.Text.Encoding.UTF8.GetString(reply.Body[..Math.Min(reply.Body.Length, 120)])}");
        }
    }

    void Succeed(in Operation operation, in HttpReply reply)
    {
        if (operation.Kind == OperationKind.Send)
        {
            if (!System.Buffers.Text.Utf8Parser.TryParse(JsonSpan.Find(reply.Body, "id"u8), out ulong id, out _)) throw new InvalidDataException("A message without an id.");
            Result.Tallies[operation.Channel].Count(id);
            _newest[operation.Channel] = Math.Max(_newest[operation.Channel], id);
            _counters.Add(Counter.Acknowledged, 1);
        }

        if (operation.Kind == OperationKind.Read) _counters.Add(Counter.Reads, 1);
        if (operation.Due >= _plan.Warm && operation.Due < _plan.Until) Result.Record(operation.Kind, operation.Due - _plan.Warm, Clock.Now - operation.Due);
    }

    void Retry(in Operation operation, string reason, long when)
    {
        if (operation.Attempts + 1 >= MostAttempts)
        {
            Fail(reason + ", given up");
            return;
        }

        Result.Retried++;
        _retries.Enqueue(operation with { Attempts = (byte)(operation.Attempts + 1) }, when);
    }

    void Fail(string reason)
    {
        Result.Fail(reason, 1);
        _counters.Add(Counter.Errors, 1);
    }

    static long RetryAfter(in HttpReply reply) =>
        System.Buffers.Text.Utf8Parser.TryParse(JsonSpan.Find(reply.Body, "retry_after"u8), out double seconds, out _) ? (long)(seconds * Clock.Second) : Clock.Second;

    void Connect(int index)
    {
        var lane = _lanes[index];
        lane.Descriptor = Connections.Open(LoopbackTarget.Source(_options.FirstClient + index), _options.Target, 0);
        if (lane.Descriptor < 0) throw new InvalidOperationException($"No connection to {_options.Target}: errno {-lane.Descriptor}.");
        Epoll.Add(lane.Descriptor, Libc.EpollOut, Tag(index));
    }

    void OnConnected(int index)
    {
        var lane = _lanes[index];
        if (Connections.ConnectError(lane.Descriptor) is not 0 and var error)
        {
            Break(index, $"connect: errno {error}");
            return;
        }

        lane.Connected = true;
        Epoll.Modify(lane.Descriptor, Libc.EpollIn, Tag(index));
        _idle.Push(index);
    }

    /// <summary>Opens the connection anew; what was under way on it is tried again.</summary>
    /// <param name="reason">Null when the end was the server's right.</param>
    void Break(int index, string? reason)
    {
        var lane = _lanes[index];
        if (lane.Busy) Retry(lane.Operation, reason ?? "connection ended", Clock.Now + RetryMicroseconds);
        if (reason is not null && ++lane.Breaks > MostAttempts) throw new InvalidOperationException($"A connection to {_options.Target} broke {lane.Breaks} times, last: {reason}.");
        RemoveIdle(index);
        Connections.Close(lane.Descriptor);
        lane.Reset();
        Connect(index);
    }

    void RemoveIdle(int index)
    {
        if (!_idle.Contains(index)) return;
        var others = _idle.Where(other => other != index).Reverse().ToArray();
        _idle.Clear();
        foreach (var other in others) _idle.Push(other);
    }

    ulong Tag(int index) => (uint)index | ((ulong)_lanes[index].Generation << 32);
}

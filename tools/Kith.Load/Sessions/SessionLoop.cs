using System.Net;
using System.Text;
using Kith.Load.Measures;
using Kith.Load.Sockets;
using Kith.Load.Wire;
using Kith.Load.Workers;

namespace Kith.Load.Sessions;

/// <summary>What a loop of sessions is made of.</summary>
/// <param name="Target">Loopback only.</param>
/// <param name="Channels">The run's channels; sessions name them by index.</param>
/// <param name="FirstClient">Number of the loop's first session within the run, from which its address follows.</param>
internal sealed record SessionLoopOptions(IPEndPoint Target, ulong[] Channels, ushort Run, int FirstClient);

/// <summary>Connects sessions and keeps them: handshakes, frames, heartbeats, reconnects. Everything happens on the loop's thread.</summary>
internal sealed class SessionLoop : EventLoop
{
    const long HandshakeMicroseconds = 30 * Clock.Second;

    readonly SessionLoopOptions _options;
    readonly Dialect _dialect;
    readonly CounterCell _counters;
    readonly FrameReader _frames;
    readonly TimerWheel _timers = new();
    readonly List<int> _due = [];
    readonly int[] _phases = new int[(int)SessionPhase.Ready + 1];
    readonly Queue<int> _queue = [];
    uint _mask = (uint)Environment.TickCount;

    public SessionLoop(SessionLoopOptions options, Dialect dialect, CounterCell counters)
        : base("sessions")
    {
        _options = options;
        _dialect = dialect;
        _counters = counters;
        _frames = new(this);
        Receiver = new(options.Channels, options.Run);
    }

    public SessionTable Sessions { get; } = new();

    public Receiver Receiver { get; }

    public IPEndPoint Target => _options.Target;

    /// <summary>Events whose <c>s</c> did not follow the one before.</summary>
    public long SequenceBreaks { get; set; }

    /// <summary>Resumes that the server refused.</summary>
    public long InvalidSessions { get; set; }

    /// <summary>From the start of a connect, or from the cut, until READY or RESUMED.</summary>
    public Histogram TimeToReady { get; set; } = new();

    public Dictionary<string, int> Losses { get; } = new(StringComparer.Ordinal);

    /// <summary>Handshakes at once.</summary>
    public int Pending { get; set; } = 256;

    /// <summary>Ready sessions that are lost come back, as real clients do; otherwise they stay away and count.</summary>
    public bool Reconnects { get; set; }

    /// <summary>Called once per turn with the time.</summary>
    public Action<long>? EachTurn { get; set; }

    /// <summary>Index of the first session that was added last.</summary>
    public int LatestAdded { get; private set; }

    public int Unsettled => _phases[(int)SessionPhase.Queued] + _phases[(int)SessionPhase.Waiting] + InHandshake;

    public int ReadyCount => _phases[(int)SessionPhase.Ready];

    int InHandshake => _phases[(int)SessionPhase.Connecting] + _phases[(int)SessionPhase.Upgrading] + _phases[(int)SessionPhase.Greeting];

    public string Token(int session) => Encoding.ASCII.GetString(Sessions.Tokens[session]);

    public ulong ChannelOf(int session) => ChannelsOf(session).First();

    public IEnumerable<ulong> ChannelsOf(int session) => Sessions.Watches(Sessions[session]).ToArray().Select(watch => _options.Channels[watch.Channel]);

    public void Add(SessionSpec[] specs)
    {
        var first = Sessions.Add(specs);
        _timers.Grow(Sessions.Count);
        _phases[(int)SessionPhase.Closed] += specs.Length;
        LatestAdded = first;
        for (var i = first; i < Sessions.Count; i++) Enqueue(i);
    }

    public void Enqueue(int session)
    {
        Enter(session, SessionPhase.Queued);
        _queue.Enqueue(session);
    }

    public void Ready(int session)
    {
        ref var state = ref Sessions[session];
        var now = Clock.Now;
        if (state.Phase != SessionPhase.Ready) TimeToReady.Record(now - state.Began);
        state.Began = 0;
        state.Attempts = 0;
        Enter(session, SessionPhase.Ready);
        // The first beat comes at a random moment, as Discord asks: thousands that connected together must not beat together.
        if (state.HeartbeatMilliseconds > 0) _timers.Set(session, now + (long)(state.HeartbeatMilliseconds * 1000L * Random.Shared.NextDouble()));
        else _timers.Cancel(session);
    }

    public void Take(int session, in MessageEvent message, int bytes, long now)
    {
        if (Receiver.Take(Sessions.Watches(Sessions[session]), message, bytes, now)) _counters.Add(Counter.Delivered, 1);
    }

    public void Send(int session, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[WebSocketFrame.MostClientHeader + 2048];
        var length = WebSocketFrame.Write(frame, opcode, payload, _mask += 0x9E3779B9);
        if (Connections.Send(Sessions[session].Descriptor, frame[..length]) != length) Lose(session, "send failed");
    }

    public void Beat(int session)
    {
        ref var state = ref Sessions[session];
        _timers.Set(session, Clock.Now + (state.HeartbeatMilliseconds * 1000L));
        _dialect.OnHeartbeatDue(this, session);
    }

    public void SetPresence(int session) => _dialect.SetPresence(this, session);

    public void Opened(int session)
    {
        Enter(session, SessionPhase.Greeting);
        _dialect.OnOpen(this, session);
    }

    public void Message(int session, ReadOnlySpan<byte> message, long now) => _dialect.OnMessage(this, session, message, now);

    /// <summary>The connection is over, by whatever end: the session comes back later or stays away.</summary>
    public void Lose(int session, string reason)
    {
        ref var state = ref Sessions[session];
        if (state.Descriptor < 0) return;
        var wasReady = state.Phase == SessionPhase.Ready;
        Disconnect(session, cut: false);
        Losses[reason] = Losses.GetValueOrDefault(reason) + 1;
        if (wasReady) _counters.Add(Counter.Lost, 1);
        if (wasReady ? !Reconnects : ++state.Attempts >= (Reconnects ? 20 : 5))
        {
            Enter(session, SessionPhase.Closed);
            return;
        }

        ComeBackLater(session);
    }

    /// <summary>Closes the socket and forgets what was half read. The caller says what the session does next.</summary>
    public void Disconnect(int session, bool cut)
    {
        ref var state = ref Sessions[session];
        if (state.Descriptor >= 0)
        {
            if (cut) Connections.Cut(state.Descriptor);
            else Connections.Close(state.Descriptor);
        }

        state.Descriptor = -1;
        state.Generation++;
        state.Traits &= ~(SessionTraits.HeartbeatUnanswered | SessionTraits.Stalled);
        // What is said while a session is away and cannot resume is no loss.
        if (state.Phase == SessionPhase.Ready && state.ResumeId is null) state.Traits |= SessionTraits.Gap;
        _timers.Cancel(session);
        FrameReader.Forget(ref state);
    }

    public void StopReading(int session)
    {
        ref var state = ref Sessions[session];
        if (state.Phase != SessionPhase.Ready) return;
        state.Traits |= SessionTraits.Stalled;
        Epoll.Remove(state.Descriptor);
    }

    public void ReadAgain(int session)
    {
        ref var state = ref Sessions[session];
        if (!state.Traits.HasFlag(SessionTraits.Stalled)) return;
        state.Traits &= ~SessionTraits.Stalled;
        Epoll.Add(state.Descriptor, Libc.EpollIn, Tag(session));
    }

    protected override TimeSpan Patience() => _timers.UntilNextTick(Clock.Now);

    protected override void OnEvent(ulong tag, uint events)
    {
        var session = (int)(uint)tag;
        ref var state = ref Sessions[session];
        if (state.Descriptor < 0 || state.Generation != (ushort)(tag >> 32)) return;
        try
        {
            if (state.Phase == SessionPhase.Connecting) OnConnected(session);
            else _frames.Read(session);
        }
        catch (InvalidDataException e)
        {
            Lose(session, "protocol: " + e.Message);
        }
    }

    protected override void OnTurn()
    {
        var now = Clock.Now;
        _timers.Collect(now, _due);
        foreach (var session in _due) OnTimer(session);
        _due.Clear();
        while (InHandshake < Pending && _queue.TryDequeue(out var session)) Connect(session);
        EachTurn?.Invoke(now);
        _counters[Counter.Ready] = ReadyCount;
        _counters[Counter.BytesReceived] = _frames.BytesRead;
    }

    protected override void OnStop()
    {
        for (var i = 0; i < Sessions.Count; i++)
        {
            if (Sessions[i].Phase == SessionPhase.Ready && Sessions[i].Descriptor >= 0) Send(i, Opcode.Close, [0x03, 0xE8]);
            if (Sessions[i].Descriptor >= 0) Disconnect(i, cut: false);
        }
    }

    void Connect(int session)
    {
        ref var state = ref Sessions[session];
        if (state.Began == 0) state.Began = Clock.Now;
        var receiveBuffer = state.Traits.HasFlag(SessionTraits.Slow) ? 4096 : 0;
        var descriptor = Connections.Open(LoopbackTarget.Source(_options.FirstClient + session), Target, receiveBuffer);
        if (descriptor < 0)
        {
            Losses[$"connect: errno {-descriptor}"] = Losses.GetValueOrDefault($"connect: errno {-descriptor}") + 1;
            if (++state.Attempts >= 5) Enter(session, SessionPhase.Closed);
            else ComeBackLater(session);
            return;
        }

        state.Descriptor = descriptor;
        Enter(session, SessionPhase.Connecting);
        Epoll.Add(descriptor, Libc.EpollOut, Tag(session));
        _timers.Set(session, Clock.Now + HandshakeMicroseconds);
    }

    void OnConnected(int session)
    {
        ref var state = ref Sessions[session];
        if (Connections.ConnectError(state.Descriptor) is not 0 and var error)
        {
            Lose(session, $"connect: errno {error}");
            return;
        }

        Enter(session, SessionPhase.Upgrading);
        Epoll.Modify(state.Descriptor, Libc.EpollIn, Tag(session));
        var request = _dialect.UpgradeRequest(this, session);
        if (Connections.Send(state.Descriptor, request) != request.Length) Lose(session, "send failed");
    }

    void OnTimer(int session)
    {
        switch (Sessions[session].Phase)
        {
            case SessionPhase.Ready:
                Beat(session);
                break;
            case SessionPhase.Waiting:
                Enqueue(session);
                break;
            case var phase:
                Lose(session, $"not ready in time: {phase}");
                break;
        }
    }

    /// <summary>After 0.1 s, 0.2 s, … at most 3.2 s, each up to half as much again.</summary>
    void ComeBackLater(int session)
    {
        ref var state = ref Sessions[session];
        Enter(session, SessionPhase.Waiting);
        var delay = (100_000L << Math.Min((int)state.Attempts, 5)) * (1 + (Random.Shared.NextDouble() / 2));
        _timers.Set(session, Clock.Now + (long)delay);
    }

    void Enter(int session, SessionPhase phase)
    {
        ref var state = ref Sessions[session];
        _phases[(int)state.Phase]--;
        state.Phase = phase;
        _phases[(int)phase]++;
    }

    ulong Tag(int session) => (uint)session | ((ulong)Sessions[session].Generation << 32);
}

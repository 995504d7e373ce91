using Kith.Load.Measures;

namespace Kith.Load.Sessions;

internal enum SessionPhase : byte
{
    /// <summary>No connection, and none planned.</summary>
    Closed,

    /// <summary>In the queue of those to connect.</summary>
    Queued,

    /// <summary>Will be queued when its timer fires.</summary>
    Waiting,
    Connecting,
    Upgrading,
    Greeting,
    Ready,
}

[Flags]
internal enum SessionTraits : byte
{
    None = 0,

    /// <summary>It was away and did not resume: what it missed is no loss.</summary>
    Gap = 1,

    /// <summary>A heartbeat was sent and not answered yet.</summary>
    HeartbeatUnanswered = 2,

    /// <summary>It does not read, though it lives.</summary>
    Stalled = 4,

    /// <summary>Chosen to stall later; its kernel buffer is small from the start.</summary>
    Slow = 8,
}

/// <summary>One client. About 100 bytes, and 40 for each channel that it watches; bytes are held only for a frame that came in part.</summary>
internal struct Session
{
    public int Descriptor;
    public int WatchStart;
    public int HeartbeatMilliseconds;
    public uint Sequence;
    public long Began;
    public ushort WatchCount;
    public ushort Generation;
    public byte Attempts;
    public SessionPhase Phase;
    public SessionTraits Traits;

    /// <summary>The gateway's session id, while it may be resumed.</summary>
    public byte[]? ResumeId;

    /// <summary>Rented; the first <see cref="PartialLength"/> bytes are the beginning of a frame.</summary>
    public byte[]? Partial;
    public int PartialLength;

    /// <summary>Fragments of a message whose last frame has not come.</summary>
    public List<byte>? Fragments;
}

/// <summary>What a session is to be.</summary>
/// <param name="Token">Empty for servers without accounts.</param>
/// <param name="Watches">Indexes of the channels whose messages it must receive, all of them and once each.</param>
/// <param name="Slow">It will stop reading when told.</param>
internal sealed record SessionSpec(string Token, int[] Watches, bool Slow);

/// <summary>All sessions of a loop, in arrays.</summary>
internal sealed class SessionTable
{
    Session[] _sessions = [];
    ChannelWatch[] _watches = [];

    public int Count => _sessions.Length;

    public List<byte[]> Tokens { get; } = [];

    public ref Session this[int index] => ref _sessions[index];

    public Span<ChannelWatch> Watches(in Session session) => _watches.AsSpan(session.WatchStart, session.WatchCount);

    /// <summary>The index of the first one added.</summary>
    public int Add(SessionSpec[] specs)
    {
        var (first, watchStart) = (_sessions.Length, _watches.Length);
        Array.Resize(ref _sessions, first + specs.Length);
        Array.Resize(ref _watches, watchStart + specs.Sum(spec => spec.Watches.Length));
        for (var i = 0; i < specs.Length; i++)
        {
            var spec = specs[i];
            Tokens.Add(System.Text.Encoding.ASCII.GetBytes(spec.Token));
            _sessions[first + i] = new() { Descriptor = -1, WatchStart = watchStart, WatchCount = (ushort)spec.Watches.Length, Traits = spec.Slow ? SessionTraits.Slow : SessionTraits.None };
            foreach (var channel in spec.Watches) _watches[watchStart++] = new(channel);
        }

        return first;
    }
}

using System.Diagnostics;
using Kith.Gateway.Protocol;

namespace Kith.Gateway.Transport;

/// <summary>What one session may keep, for a client that is slow or away.</summary>
/// <param name="MaxPendingEvents">Unsent events of a connected client; past it the connection's handler is told of an overflow.</param>
/// <param name="MaxPendingBytes">As above, in bytes of JSON. One event is allowed whatever its size.</param>
/// <param name="MaxHeldEvents">Events kept for a RESUME, unsent ones included; past it the oldest go and a RESUME from before them fails.</param>
/// <param name="MaxHeldBytes">As above, in bytes of JSON.</param>
public sealed record EventRingLimits(int MaxPendingEvents = 1024, int MaxPendingBytes = 1 << 20, int MaxHeldEvents = 4096, int MaxHeldBytes = 4 << 20);

/// <summary>
/// A session's events in sequence: what waits to be sent and what is kept until the client has confirmed it are one ring of references,
/// <c>floor ≤ sent ≤ head</c>. Everything up to the floor is forgotten; up to sent it has left through the socket; up to the head it
/// waits. A RESUME only puts the sent cursor back. Empty, it holds no array. Belongs to the thread of the session's loop.
/// </summary>
/// <remarks>Sequence numbers are 32-bit: a session would need 1,000 events a second for 24 days to run out of them.</remarks>
public sealed class EventRing
{
    readonly EventRingStore _store;
    OutboundEvent?[]? _slots;
    GatewayConnection? _connection;
    int _floor;
    int _sent;
    int _head;

    // Up to here a client may take its time: it has just come, and all of this waited for it.
    int _burstEnd;
    int _heldBytes;
    int _pendingBytes;

    public EventRing(EventRingStore store) => _store = store;

    /// <summary>The last sequence number that was given out; 0 before the first event.</summary>
    public int Head => _head;

    /// <summary>The last event that has left through the socket in full.</summary>
    public int Sent => _sent;

    /// <summary>The last event that is no longer held: acknowledged, or dropped for want of room.</summary>
    public int Floor => _floor;

    public int PendingEvents => _head - _sent;

    public int PendingBytes => _pendingBytes;

    public int HeldEvents => _head - _floor;

    public int HeldBytes => _heldBytes;

    /// <summary>The connection that the events leave through, if the session has one now.</summary>
    public GatewayConnection? Connection => _connection;

    /// <summary>Whether what waits is more than a connected client may leave waiting.</summary>
    internal bool IsOverflowing
        => _sent >= _burstEnd
            && (PendingEvents > _store.Limits.MaxPendingEvents || _pendingBytes > _store.Limits.MaxPendingBytes && PendingEvents > 1);

    /// <summary>Events were dropped that the connected client has not been sent: its connection must end. Cleared by a resume.</summary>
    internal bool HasLostUnsent { get; private set; }

    /// <summary>Gives the event the next sequence number and, where the session is connected, sends it with the loop's next flush.</summary>
    public int Append(OutboundEvent outbound)
    {
        MakeRoom(outbound.Length);
        var slots = _slots!;
        _head++;
        slots[_head & (slots.Length - 1)] = outbound;
        _heldBytes += outbound.Length;
        _pendingBytes += outbound.Length;
        _connection?.OnEventsPending();
        return _head;
    }

    /// <summary>
    /// What has been appended up to now is a burst of the server's own making (the guilds after READY): until it has left, the limits of
    /// what may wait do not count, only those of what is held. A replay after <see cref="Attach"/> is such a burst by itself.
    /// </summary>
    public void AllowBurst() => _burstEnd = _head;

    /// <summary>The event with this number; it must be held, that is in (<see cref="Floor"/>, <see cref="Head"/>].</summary>
    public OutboundEvent this[int sequence]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(sequence, _floor);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, _head);
            return _slots![sequence & (_slots.Length - 1)]!;
        }
    }

    /// <summary>Puts another event in the place of one that is held, such as a small stand-in for a large one that has been sent.</summary>
    public void Replace(int sequence, OutboundEvent outbound)
    {
        var change = outbound.Length - this[sequence].Length;
        _slots![sequence & (_slots.Length - 1)] = outbound;
        _heldBytes += change;
        if (sequence > _sent)
            _pendingBytes += change;
    }

    /// <summary>Takes up where another ring was: what it held, after <paramref name="floor"/>. Only once, before anything else.</summary>
    public void Restore(int floor, int sent, IReadOnlyList<OutboundEvent> held)
    {
        if (_head != 0)
            throw new InvalidOperationException("The ring has been used.");
        _floor = _sent = _head = floor;
        foreach (var outbound in held)
            Append(outbound);
        while (_sent < sent)
            OnSent();
    }

    /// <summary>
    /// The client has everything up to this number: forget it. A number below the floor changes nothing. False, and nothing changed, for
    /// a number that was never sent.
    /// </summary>
    public bool Acknowledge(int sequence)
    {
        if (sequence > _sent)
            return false;
        while (_floor < sequence)
            ForgetOldest();
        ReturnSlotsIfEmpty();
        return true;
    }

    /// <summary>
    /// A client resumes having received everything up to this number. False, and nothing changed, where some of what it lacks is no
    /// longer held, or where the number was never sent. Only without a connection: see <see cref="Detach"/>.
    /// </summary>
    public bool Rewind(int sequence)
    {
        if (_connection is not null)
            throw new InvalidOperationException("A connection is still sending this session's events; detach it first.");
        if (sequence < _floor || !Acknowledge(sequence))
            return false;
        _sent = sequence;
        _pendingBytes = _heldBytes;
        HasLostUnsent = false;
        return true;
    }

    /// <summary>From now on events leave through this connection, which belongs to the same loop, beginning with what waits.</summary>
    public void Attach(GatewayConnection connection)
    {
        if (_connection is not null)
            throw new InvalidOperationException("The session's events already leave through another connection; detach it first.");
        connection.TakeEvents(this);
        _connection = connection;
        AllowBurst();
        if (PendingEvents > 0)
            connection.OnEventsPending();
    }

    /// <summary>
    /// The session goes on without a connection, gathering events. Happens by itself when the connection closes. A frame that is half
    /// way out is still finished by the connection, and counts as sent.
    /// </summary>
    public void Detach()
    {
        _connection?.ReleaseEvents();
        _connection = null;
    }

    /// <summary>Forgets everything and gives the array back; for a session that has ended.</summary>
    public void Clear()
    {
        Detach();
        while (_floor < _head)
            ForgetOldest();
        ReturnSlotsIfEmpty();
    }

    internal void OnSent()
    {
        Debug.Assert(_sent < _head, "nothing was waiting");
        _sent++;
        _pendingBytes -= _slots![_sent & (_slots.Length - 1)]!.Length;
    }

    void MakeRoom(int length)
    {
        var limits = _store.Limits;
        while (HeldEvents > 0 && (HeldEvents >= limits.MaxHeldEvents || (long)_heldBytes + length > limits.MaxHeldBytes))
            ForgetOldest();
        if (_slots is null)
            _slots = _store.Rent(EventRingStore.MinLength);
        else if (HeldEvents == _slots.Length)
            Grow();
    }

    void Grow()
    {
        var old = _slots!;
        var larger = _store.Rent(old.Length * 2);
        for (var sequence = _floor + 1; sequence <= _head; sequence++)
            larger[sequence & (larger.Length - 1)] = old[sequence & (old.Length - 1)];
        _slots = larger;
        _store.Return(old);
    }

    void ForgetOldest()
    {
        _floor++;
        ref var slot = ref _slots![_floor & (_slots.Length - 1)];
        _heldBytes -= slot!.Length;
        if (_floor > _sent)
        {
            // A connected client would miss this one, so its connection must end; see GatewayConnection.OnEventsPending.
            _pendingBytes -= slot.Length;
            _sent = _floor;
            HasLostUnsent = true;
        }

        slot = null;
    }

    void ReturnSlotsIfEmpty()
    {
        if (HeldEvents > 0 || _slots is null)
            return;
        _store.Return(_slots);
        _slots = null;
    }
}

/// <summary>The arrays that the rings of one loop share, with the limits of each. Belongs to the loop's thread.</summary>
public sealed class EventRingStore(EventRingLimits limits)
{
    internal const int MinLength = 8;

    // Lengths 8, 16 … 4096; anything longer is left to the collector.
    const int Sizes = 10;
    const int MaxKeptPerSize = 4096;
    readonly Stack<OutboundEvent?[]>[] _free = Enumerable.Range(0, Sizes).Select(_ => new Stack<OutboundEvent?[]>()).ToArray();

    public EventRingLimits Limits { get; } = limits;

    internal OutboundEvent?[] Rent(int length)
    {
        var size = SizeOf(length);
        return size < Sizes && _free[size].TryPop(out var kept) ? kept : new OutboundEvent?[length];
    }

    /// <summary>The array must hold nothing any more, or its references must not matter: they are cleared here.</summary>
    internal void Return(OutboundEvent?[] slots)
    {
        var size = SizeOf(slots.Length);
        if (size >= Sizes || _free[size].Count >= MaxKeptPerSize >> size)
            return;
        Array.Clear(slots);
        _free[size].Push(slots);
    }

    static int SizeOf(int length) => System.Numerics.BitOperations.Log2((uint)length / MinLength);
}

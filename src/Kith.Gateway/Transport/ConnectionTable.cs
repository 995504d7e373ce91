using System.Numerics;
using System.Runtime.InteropServices;

namespace Kith.Gateway.Transport;

/// <summary>
/// The connections of one loop by slot, and their deadlines. The deadlines are a plain array of ticks so that a scan of a million takes a
/// fraction of a millisecond: no timer and no wheel, and moving a deadline is one store.
/// </summary>
internal sealed class ConnectionTable
{
    readonly Stack<int> _free = new();
    GatewayConnection?[] _connections = new GatewayConnection?[64];
    uint[] _generations = new uint[64];

    // Tick at which the deadline has come; 0 for none.
    uint[] _deadlines = new uint[64];
    int _used;

    internal int Count => _used - _free.Count;

    /// <summary>What epoll gives back for this connection: the slot, and a generation so that an event for a former owner is known as such.</summary>
    internal ulong Add(GatewayConnection connection)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _used++;
            if (slot == _connections.Length)
                Grow();
        }

        connection.Slot = slot;
        _connections[slot] = connection;
        _deadlines[slot] = 0;
        return TokenOf(slot);
    }

    internal void Remove(GatewayConnection connection)
    {
        var slot = connection.Slot;
        connection.Slot = -1;
        _connections[slot] = null;
        _deadlines[slot] = 0;
        // Never all ones, which with the last slot would read as the token of a wake.
        _generations[slot] = (_generations[slot] + 1) & 0x7fff_ffff;
        _free.Push(slot);
    }

    internal ulong TokenOf(int slot) => (ulong)_generations[slot] << 32 | (uint)slot;

    internal GatewayConnection? Find(ulong token)
    {
        var slot = (int)(uint)token;
        return slot < _used && _generations[slot] == (uint)(token >> 32) ? _connections[slot] : null;
    }

    internal void Collect(List<GatewayConnection> into)
    {
        for (var slot = 0; slot < _used; slot++)
        {
            if (_connections[slot] is { } connection)
                into.Add(connection);
        }
    }

    internal void SetDeadline(int slot, uint tick) => _deadlines[slot] = tick;

    /// <summary>Takes the deadlines that have come.</summary>
    internal void TakeDue(uint now, List<GatewayConnection> due)
    {
        var deadlines = _deadlines.AsSpan(0, _used);
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(deadlines);
        // Less one, none (0) becomes the largest number.
        var limit = new Vector<uint>(now);
        for (var i = 0; i < vectors.Length; i++)
        {
            if (Vector.LessThanAny(vectors[i] - Vector<uint>.One, limit))
                TakeDue(i * Vector<uint>.Count, Vector<uint>.Count, now, due);
        }

        var rest = vectors.Length * Vector<uint>.Count;
        TakeDue(rest, deadlines.Length - rest, now, due);
    }

    void TakeDue(int first, int count, uint now, List<GatewayConnection> due)
    {
        for (var slot = first; slot < first + count; slot++)
        {
            if (_deadlines[slot] - 1 >= now)
                continue;
            _deadlines[slot] = 0;
            if (_connections[slot] is { } connection)
                due.Add(connection);
        }
    }

    void Grow()
    {
        var length = _connections.Length * 2;
        Array.Resize(ref _connections, length);
        Array.Resize(ref _generations, length);
        Array.Resize(ref _deadlines, length);
    }
}

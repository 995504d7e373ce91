using Kith.Load.Measures;
using Kith.Load.Wire;

namespace Kith.Load.Sessions;

/// <summary>Takes every message that any session of a loop receives: checks it and measures it. It belongs to the loop's thread.</summary>
internal sealed class Receiver(ulong[] channels, ushort run)
{
    readonly ChannelIndex _channels = new(channels);
    int _measured;

    public Histogram Latency { get; private set; } = new();

    public LatencySeries Series { get; private set; } = new();

    public long Repeats { get; private set; }

    public long Disorders { get; private set; }

    /// <summary>Messages of this run in channels that the session should not see.</summary>
    public long Strays { get; private set; }

    /// <summary>Payload bytes of the messages in <see cref="Received"/>.</summary>
    public long Bytes { get; private set; }

    public long Received { get; private set; }

    /// <summary>Events that are no messages of this run: READY, presences, typing and all else.</summary>
    public long Others { get; set; }

    public long OtherBytes { get; set; }

    /// <summary>Messages due in this span are measured; others are only checked. Microseconds of <see cref="Clock"/>.</summary>
    public (long From, long Until) Span { get; private set; } = (long.MaxValue, long.MaxValue);

    /// <param name="measured">Messages in channels from this index on are only checked.</param>
    public void Measure(long from, long until, int measured)
    {
        Span = (from, until);
        _measured = measured;
        Latency = new();
        Series = new();
    }

    /// <summary>True when the message counts as a delivery.</summary>
    public bool Take(Span<ChannelWatch> watches, in MessageEvent message, int bytes, long now)
    {
        if (message.Stamp.Run != run) return false;
        Received++;
        Bytes += bytes;
        var channel = _channels.Find(message.Channel);
        foreach (ref var watch in watches)
        {
            if (watch.Channel != channel) continue;
            var arrival = watch.Take(message.Id, message.Stamp.Number);
            if (arrival == Arrival.Repeated) Repeats++;
            if (arrival == Arrival.OutOfOrder) Disorders++;
            if (channel < _measured) Record(message.Stamp.Due, now);
            return arrival != Arrival.Repeated;
        }

        Strays++;
        return false;
    }

    void Record(long due, long now)
    {
        if (due < Span.From || due >= Span.Until) return;
        Latency.Record(now - due);
        Series.Record(due - Span.From, now - due);
    }
}

/// <summary>From a channel's snowflake to its index in the run, by open addressing: a dictionary's lookup costs several times as much.</summary>
internal sealed class ChannelIndex
{
    readonly ulong[] _keys;
    readonly int[] _values;
    readonly int _mask;

    public ChannelIndex(ulong[] channels)
    {
        _mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, channels.Length * 2)) - 1;
        _keys = new ulong[_mask + 1];
        _values = new int[_mask + 1];
        for (var i = 0; i < channels.Length; i++)
        {
            var slot = Slot(channels[i]);
            while (_keys[slot] != 0) slot = (slot + 1) & _mask;
            (_keys[slot], _values[slot]) = (channels[i], i);
        }
    }

    /// <summary>-1 when the channel is not of this run.</summary>
    public int Find(ulong channel)
    {
        for (var slot = Slot(channel); _keys[slot] != 0; slot = (slot + 1) & _mask)
        {
            if (_keys[slot] == channel) return _values[slot];
        }

        return -1;
    }

    int Slot(ulong channel) => (int)((channel * 0x9E3779B97F4A7C15) >> 33) & _mask;
}

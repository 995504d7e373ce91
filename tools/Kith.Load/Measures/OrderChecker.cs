namespace Kith.Load.Measures;

internal enum Arrival : byte
{
    InOrder,
    Repeated,
    OutOfOrder,
}

/// <summary>
/// What one receiver has seen of one channel, in 40 bytes: enough to find every loss, repeat and disorder without keeping ids. Ids must grow strictly;
/// the number of messages and the sum of their mixed ids must in the end equal what the senders were told was stored.
/// </summary>
internal struct ChannelWatch
{
    const int WindowBits = 64;

    /// <summary>Index of the channel in the run.</summary>
    public int Channel;

    ulong _lastId;
    ulong _recent;
    uint _highest;

    public ChannelWatch(int channel) => Channel = channel;

    public Tally Tally;

    /// <param name="id">The message's snowflake.</param>
    /// <param name="number">The sender's number within the channel, from 1; tells a repeat from a disorder among the last 64.</param>
    public Arrival Take(ulong id, uint number)
    {
        if (id == _lastId || SeenBefore(number)) return Arrival.Repeated;
        Tally.Count(id);
        if (id < _lastId) return Arrival.OutOfOrder;
        _lastId = id;
        return Arrival.InOrder;
    }

    /// <summary>Numbers older than the window pass: if they are repeats the tally shows it.</summary>
    bool SeenBefore(uint number)
    {
        if (number > _highest)
        {
            var step = number - _highest;
            _recent = (step >= WindowBits ? 0 : _recent << (int)step) | 1;
            _highest = number;
            return false;
        }

        var age = _highest - number;
        if (age >= WindowBits) return false;
        var bit = 1UL << (int)age;
        var seen = (_recent & bit) != 0;
        _recent |= bit;
        return seen;
    }
}

/// <summary>A set of ids as its size and a sum that changes, but for one chance in 2^64, when a member does. Adding is all it can do, in any order.</summary>
internal struct Tally : IEquatable<Tally>
{
    public uint Messages;
    public ulong Sum;

    public void Count(ulong id)
    {
        Messages++;
        Sum += Mix(id);
    }

    public void Add(in Tally other)
    {
        Messages += other.Messages;
        Sum += other.Sum;
    }

    public readonly bool Equals(Tally other) => Messages == other.Messages && Sum == other.Sum;

    public override readonly bool Equals(object? obj) => obj is Tally other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Messages, Sum);

    /// <summary>The finalizer of splitmix64: neighbouring ids must not cancel out.</summary>
    static ulong Mix(ulong id)
    {
        id = (id ^ (id >> 30)) * 0xbf58476d1ce4e5b9;
        id = (id ^ (id >> 27)) * 0x94d049bb133111eb;
        return id ^ (id >> 31);
    }
}

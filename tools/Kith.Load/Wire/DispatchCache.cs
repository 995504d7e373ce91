using System.Buffers.Binary;
using System.Buffers.Text;

namespace Kith.Load.Wire;

/// <param name="SequenceStart">Where the digits of <c>s</c> begin; meaningless when the protocol has none.</param>
/// <param name="SequenceLength">0 when the protocol has no <c>s</c>.</param>
/// <param name="IdEnd">Where the digits of the message's id end; 0 when the event is no message.</param>
internal readonly record struct DispatchLayout(int SequenceStart, int SequenceLength, int IdEnd)
{
    public int SequenceEnd => SequenceStart + SequenceLength;
}

/// <summary>Reads one protocol's event from its bytes.</summary>
internal delegate Dispatch EnvelopeReader(ReadOnlySpan<byte> envelope, out DispatchLayout layout);

/// <summary>
/// A message to thousands of members comes thousands of times with only <c>s</c> changed. This remembers the last messages as they were, so that a
/// repeat is recognised by comparing bytes (some 20 ns) instead of walking the JSON (some 500 ns). A hit is exact: every byte but the digits of
/// <c>s</c> is the same. It belongs to one thread.
/// </summary>
internal sealed class DispatchCache(EnvelopeReader reader)
{
    const int Entries = 1024, KeyLength = 8;

    readonly Entry[] _entries = new Entry[Entries];
    DispatchLayout _layout;
    int _length;

    struct Entry
    {
        public byte[]? Envelope;
        public int Length;
        public DispatchLayout Layout;
        public Dispatch Dispatch;
    }

    public Dispatch Read(ReadOnlySpan<byte> envelope)
    {
        if (_length > 0)
        {
            ref readonly var entry = ref _entries[Slot(envelope)];
            if (entry.Envelope is not null && Same(entry, envelope, out var sequence)) return entry.Dispatch with { Sequence = sequence };
        }

        var dispatch = reader(envelope, out var layout);
        if (dispatch.Kind == EventKind.Message && layout.IdEnd > 0) Remember(envelope, dispatch, layout);
        return dispatch;
    }

    static bool Same(in Entry entry, ReadOnlySpan<byte> envelope, out uint sequence)
    {
        sequence = 0;
        var known = entry.Envelope.AsSpan(0, entry.Length);
        if (entry.Layout.SequenceLength == 0) return envelope.SequenceEqual(known);
        var tail = entry.Length - entry.Layout.SequenceEnd;
        var digits = envelope.Length - entry.Layout.SequenceStart - tail;
        return digits is > 0 and <= 10
            && envelope[..entry.Layout.SequenceStart].SequenceEqual(known[..entry.Layout.SequenceStart])
            && envelope[^tail..].SequenceEqual(known[^tail..])
            && Utf8Parser.TryParse(envelope.Slice(entry.Layout.SequenceStart, digits), out sequence, out var read) && read == digits;
    }

    /// <summary>Chosen by the last digits of the id, taken from where the last message had them; a wrong guess only misses.</summary>
    int Slot(ReadOnlySpan<byte> envelope)
    {
        var end = _layout.SequenceLength == 0 || _layout.IdEnd <= _layout.SequenceStart ? _layout.IdEnd : envelope.Length - (_length - _layout.IdEnd);
        if (end < KeyLength || end > envelope.Length) return 0;
        var key = BinaryPrimitives.ReadUInt64LittleEndian(envelope[(end - KeyLength)..]);
        return (int)((key * 0x9E3779B97F4A7C15) >> 54) & (Entries - 1);
    }

    void Remember(ReadOnlySpan<byte> envelope, in Dispatch dispatch, DispatchLayout layout)
    {
        _layout = layout;
        _length = envelope.Length;
        ref var entry = ref _entries[Slot(envelope)];
        if (entry.Envelope is null || entry.Envelope.Length < envelope.Length) entry.Envelope = new byte[Math.Max(1024, envelope.Length)];
        envelope.CopyTo(entry.Envelope);
        entry.Length = envelope.Length;
        entry.Layout = layout;
        entry.Dispatch = dispatch;
    }
}

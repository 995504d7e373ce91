using System.Buffers.Text;

namespace Kith.Load.Wire;

/// <summary>
/// What a sender puts into a message's nonce, 24 of the 25 characters that a nonce may have: when the message was due, which run it
/// belongs to, and its number in its channel. The clock is the machine's monotonic one, the same in every process here.
/// </summary>
/// <param name="Due">Microseconds of the machine's monotonic clock at which the message was to be sent: not when it was.</param>
/// <param name="Run">Tells this run's messages from another's; never 0.</param>
/// <param name="Number">1, 2, 3 … within the channel, in the order in which the messages were due.</param>
internal readonly record struct Stamp(long Due, ushort Run, uint Number)
{
    public const int Length = 24;

    const int DueDigits = 12, RunDigits = 4, NumberDigits = 8;

    public void Write(Span<byte> target)
    {
        Hex(target[..DueDigits], (ulong)Due);
        Hex(target.Slice(DueDigits, RunDigits), Run);
        Hex(target.Slice(DueDigits + RunDigits, NumberDigits), Number);
    }

    public static bool TryRead(ReadOnlySpan<byte> nonce, out Stamp stamp)
    {
        stamp = default;
        if (nonce.Length != Length
            || !Utf8Parser.TryParse(nonce[..DueDigits], out long due, out var read, 'x') || read != DueDigits
            || !Utf8Parser.TryParse(nonce.Slice(DueDigits, RunDigits), out ushort run, out read, 'x') || read != RunDigits
            || !Utf8Parser.TryParse(nonce[(DueDigits + RunDigits)..], out uint number, out read, 'x') || read != NumberDigits) return false;
        stamp = new(due, run, number);
        return run != 0;
    }

    static void Hex(Span<byte> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--, value >>= 4) target[i] = "0123456789abcdef"u8[(int)(value & 15)];
    }
}

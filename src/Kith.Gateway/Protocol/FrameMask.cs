using System.Numerics;
using System.Runtime.InteropServices;

namespace Kith.Gateway.Protocol;

internal static class FrameMask
{
    /// <summary>Takes the mask off in place.</summary>
    /// <param name="payload">From the payload's first byte on.</param>
    /// <param name="mask">The four bytes of the header in the order they came, as the machine reads them.</param>
    internal static void Remove(Span<byte> payload, uint mask)
    {
        if (mask == 0)
            return;
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(payload);
        var wide = Vector.AsVectorByte(new Vector<uint>(mask));
        foreach (ref var vector in vectors)
            vector ^= wide;
        var rest = payload[(vectors.Length * Vector<byte>.Count)..];
        Span<uint> single = [mask];
        var key = MemoryMarshal.AsBytes(single);
        for (var i = 0; i < rest.Length; i++)
            rest[i] ^= key[i & 3];
    }
}

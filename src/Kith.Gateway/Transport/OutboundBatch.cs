using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kith.Gateway.Transport;

/// <summary>
/// The frames that leave for one socket in one call. Small pieces are copied into a scratch buffer of the loop, side by side, because a plain
/// <c>send</c> of one piece costs less than gathering; larger ones are pinned and gathered from where they are. One per loop, used again
/// for each socket; allocates nothing.
/// </summary>
internal sealed unsafe class OutboundBatch : IDisposable
{
    internal const int MaxFrames = 64;

    /// <summary>
    /// Pieces up to this many bytes are copied: measured on loopback, gathering begins to pay between 2,000 bytes (16 pieces) and 8,000 (one).
    /// </summary>
    internal const int CopyLimit = 2048;

    const int MaxPieces = 3;
    const int MaxVectors = MaxFrames * 2 + MaxPieces;
    const int ScratchSize = MaxFrames * (CopyLimit + 128) + CopyLimit;

    // More than a socket usually takes at once is not worth preparing.
    const long EnoughBytes = 256 * 1024;

    readonly byte* _scratch = (byte*)NativeMemory.Alloc(ScratchSize);
    readonly IoVector* _vectors = (IoVector*)NativeMemory.Alloc((nuint)(MaxVectors * sizeof(IoVector)));
    readonly PinnedGCHandle<byte[]?>[] _pins = new PinnedGCHandle<byte[]?>[MaxFrames];
    readonly long[] _frameEnds = new long[MaxFrames];
    int _used;
    int _vectorCount;
    int _pinCount;

    internal OutboundBatch()
    {
        for (var i = 0; i < _pins.Length; i++)
            _pins[i] = new PinnedGCHandle<byte[]?>(null);
    }

    internal int Frames { get; private set; }

    internal long Length { get; private set; }

    internal bool IsFull => Frames == MaxFrames || Length >= EnoughBytes;

    /// <summary>Where the frame ends, in bytes from the batch's beginning.</summary>
    internal long EndOf(int frame) => _frameEnds[frame];

    internal void Clear()
    {
        for (var i = 0; i < _pinCount; i++)
            _pins[i].Target = null;
        _used = _vectorCount = _pinCount = Frames = 0;
        Length = 0;
    }

    /// <summary>Room in the scratch buffer for a short piece, at most 128 bytes of them in a frame; follow with <see cref="Commit"/>.</summary>
    internal Span<byte> Reserve(int length)
    {
        Debug.Assert(_used + length <= ScratchSize);
        return new Span<byte>(_scratch + _used, length);
    }

    internal void Commit(int length)
    {
        var at = _scratch + _used;
        _used += length;
        Length += length;
        if (_vectorCount > 0)
        {
            ref var last = ref _vectors[_vectorCount - 1];
            if (last.Base + last.Length == at)
            {
                last.Length += (nuint)length;
                return;
            }
        }

        _vectors[_vectorCount++] = new IoVector { Base = at, Length = (nuint)length };
    }

    /// <summary>At most one a frame. The array must not change afterwards.</summary>
    internal void Add(byte[] piece)
    {
        if (piece.Length <= CopyLimit)
        {
            piece.CopyTo(Reserve(piece.Length));
            Commit(piece.Length);
            return;
        }

        ref var pin = ref _pins[_pinCount++];
        pin.Target = piece;
        _vectors[_vectorCount++] = new IoVector { Base = pin.GetAddressOfArrayData(), Length = (nuint)piece.Length };
        Length += piece.Length;
    }

    internal void EndFrame() => _frameEnds[Frames++] = Length;

    /// <summary>Leaves out the first bytes, which went with an earlier call.</summary>
    internal void Skip(int length)
    {
        for (var i = 0; length > 0; i++)
        {
            ref var vector = ref _vectors[i];
            var cut = Math.Min((nuint)length, vector.Length);
            vector.Base += cut;
            vector.Length -= cut;
            length -= (int)cut;
        }
    }

    /// <summary>Returns the bytes the socket took, or -1 with errno.</summary>
    internal nint Send(int fd)
    {
        if (_vectorCount == 1)
            return Posix.Send(fd, _vectors->Base, _vectors->Length, Posix.NoSignal | Posix.DontWait);
        var message = new MessageHeader { Vectors = _vectors, VectorCount = (nuint)_vectorCount };
        return Posix.SendMessage(fd, &message, Posix.NoSignal | Posix.DontWait);
    }

    /// <summary>Copies as much as fits; returns how much that is.</summary>
    internal int CopyTo(Span<byte> target)
    {
        var copied = 0;
        for (var i = 0; i < _vectorCount && copied < target.Length; i++)
        {
            var part = (int)Math.Min(_vectors[i].Length, (nuint)(target.Length - copied));
            new ReadOnlySpan<byte>(_vectors[i].Base, part).CopyTo(target[copied..]);
            copied += part;
        }

        return copied;
    }

    public void Dispose()
    {
        foreach (ref var pin in _pins.AsSpan())
            pin.Dispose();
        NativeMemory.Free(_scratch);
        NativeMemory.Free(_vectors);
    }
}

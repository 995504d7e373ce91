using Kith.Load.Sockets;

namespace Kith.Load.Traffic;

/// <summary>One keep-alive connection and the request on it.</summary>
internal sealed class HttpLane
{
    byte[] _buffer = new byte[4096];
    int _length;

    public int Descriptor { get; set; } = -1;

    public ushort Generation { get; private set; }

    public bool Connected { get; set; }

    public bool Busy { get; set; }

    public int Breaks { get; set; }

    public Operation Operation { get; set; }

    public Span<byte> Received => _buffer.AsSpan(0, _length);

    public unsafe int Receive()
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 4);
        fixed (byte* start = _buffer)
        {
            var read = Connections.Receive(Descriptor, start + _length, _buffer.Length - _length);
            if (read > 0) _length += read;
            return read;
        }
    }

    public void Clear() => _length = 0;

    public void Reset()
    {
        Descriptor = -1;
        Generation++;
        Connected = Busy = false;
        _length = 0;
    }
}

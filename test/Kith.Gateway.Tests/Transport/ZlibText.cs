using System.IO.Compression;
using System.Text;

namespace Kith.Gateway.Tests.Transport;

/// <summary>One zlib stream over a connection's messages, each complete as soon as its own bytes are in.</summary>
sealed class ZlibText : IDisposable
{
    readonly Message _message = new();
    readonly ZLibStream _inflater;

    public ZlibText() => _inflater = new ZLibStream(_message, CompressionMode.Decompress);

    public string Next(byte[] message)
    {
        _message.Set(message);
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        while (_inflater.Read(buffer) is > 0 and var length)
            text.Write(buffer, 0, length);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public void Dispose() => _inflater.Dispose();

    /// <summary>Gives one message and then says that there is no more for now.</summary>
    sealed class Message : MemoryStream
    {
        byte[] _bytes = [];
        int _offset;

        public void Set(byte[] bytes) => (_bytes, _offset) = (bytes, 0);

        public override int Read(Span<byte> buffer)
        {
            var length = Math.Min(_bytes.Length - _offset, buffer.Length);
            _bytes.AsSpan(_offset, length).CopyTo(buffer);
            _offset += length;
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}

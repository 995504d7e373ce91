using System.IO.Compression;

namespace Kith.Client;

/// <summary>Inflates the messages of <c>compress=zlib-stream</c>: one stream for the whole connection, one sync flush per message. For one thread.</summary>
public sealed class ZlibStreamInflater : IDisposable
{
    readonly Feed feed = new();
    readonly ZLibStream inflater;

    public ZlibStreamInflater() => inflater = new ZLibStream(feed, CompressionMode.Decompress);

    /// <summary>The text of the connection's next message.</summary>
    public byte[] Inflate(byte[] message)
    {
        feed.Next(message);
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        // The inflater answers 0 when it has used up what the feed had; the next message goes on from there.
        while (inflater.Read(buffer) is > 0 and var length)
            text.Write(buffer, 0, length);
        return text.ToArray();
    }

    /// <summary>A message compressed on its own, as by IDENTIFY's <c>compress: true</c>.</summary>
    public static byte[] InflateOne(byte[] message)
    {
        using var whole = new ZLibStream(new MemoryStream(message), CompressionMode.Decompress);
        using var text = new MemoryStream();
        whole.CopyTo(text);
        return text.ToArray();
    }

    public void Dispose() => inflater.Dispose();

    sealed class Feed : Stream
    {
        byte[] bytes = [];
        int position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Next(byte[] message) => (bytes, position) = (message, 0);

        public override int Read(byte[] buffer, int offset, int count)
        {
            var length = Math.Min(count, bytes.Length - position);
            Array.Copy(bytes, position, buffer, offset, length);
            position += length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using Kith.Load.Wire;

namespace Kith.Load.Tests;

public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void The_header_says_where_the_payload_lies(int payload, int header)
    {
        var bytes = ServerFrame(0x81, payload);
        Assert.True(WebSocketFrame.TryRead(bytes, out var frame));
        Assert.Equal(new(Opcode.Text, true, header, payload), frame);
        Assert.Equal(header + payload, frame.Length);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(200)]
    [InlineData(70_000)]
    public void A_header_that_is_not_whole_is_not_read(int payload)
    {
        var bytes = ServerFrame(0x82, payload);
        Assert.True(WebSocketFrame.TryRead(bytes, out var frame));
        for (var length = 0; length < frame.HeaderLength; length++) Assert.False(WebSocketFrame.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_fragment_is_not_final()
    {
        Assert.True(WebSocketFrame.TryRead([0x01, 0x00], out var frame));
        Assert.False(frame.Final);
        Assert.Equal(Opcode.Text, frame.Opcode);
    }

    [Theory]
    [InlineData(new byte[] { 0xC1, 0x00 })]
    [InlineData(new byte[] { 0x81, 0x80 })]
    [InlineData(new byte[] { 0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0 })]
    public void Reserved_bits_masks_and_monstrous_lengths_are_refused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => WebSocketFrame.TryRead(bytes, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(2000)]
    public void A_client_frame_is_masked_and_unmasks_to_its_payload(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();
        var target = new byte[length + WebSocketFrame.MostClientHeader];
        var written = WebSocketFrame.Write(target, Opcode.Text, payload, 0xA1B2C3D4);
        var header = length < 126 ? 6 : 8;
        Assert.Equal(header + length, written);
        Assert.Equal(0x81, target[0]);
        Assert.Equal(0x80, target[1] & 0x80);
        var mask = target.AsSpan(header - 4, 4).ToArray();
        Assert.Equal(payload, target.Skip(header).Take(length).Select((b, i) => (byte)(b ^ mask[i & 3])));
    }

    static byte[] ServerFrame(byte first, int payload)
    {
        byte[] header = payload switch
        {
            < 126 => [first, (byte)payload],
            <= ushort.MaxValue => [first, 126, (byte)(payload >> 8), (byte)payload],
            _ => [first, 127, 0, 0, 0, 0, (byte)(payload >> 24), (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload],
        };
        return [.. header, .. new byte[payload]];
    }
}

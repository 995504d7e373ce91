using System.Text;
using Kith.Gateway.Protocol;
using Kith.Gateway.Tests.Transport;

namespace Kith.Gateway.Tests.Protocol;

public sealed class InboundFramesTests
{
    const int ProtocolError = 1002;
    const int InvalidText = 1007;
    const int TooLarge = 4002;

    /// <summary>Everything a client can get wrong, and the code it is told.</summary>
    public static TheoryData<string, int, byte[][]> Malformed => new()
    {
        { "an unmasked text", ProtocolError, [RawClient.Frame(0x81, "x"u8, mask: null)] },
        { "an unmasked ping", ProtocolError, [RawClient.Frame(0x89, "x"u8, mask: null)] },
        { "reserved bit 1", ProtocolError, [RawClient.Frame(0xc1, "x"u8)] },
        { "reserved bit 2", ProtocolError, [RawClient.Frame(0xa1, "x"u8)] },
        { "reserved bit 3", ProtocolError, [RawClient.Frame(0x91, "x"u8)] },
        { "reserved opcode 3", ProtocolError, [RawClient.Frame(0x83, "x"u8)] },
        { "reserved opcode 7", ProtocolError, [RawClient.Frame(0x87, "x"u8)] },
        { "reserved opcode 11", ProtocolError, [RawClient.Frame(0x8b, "x"u8)] },
        { "reserved opcode 15", ProtocolError, [RawClient.Frame(0x8f, "x"u8)] },
        { "a fragmented ping", ProtocolError, [RawClient.Frame(0x09, "x"u8)] },
        { "a fragmented close", ProtocolError, [RawClient.Frame(0x08, [3, 232])] },
        { "a ping of 126 bytes", ProtocolError, [RawClient.Frame(0x89, new byte[126])] },
        { "a continuation of nothing", ProtocolError, [RawClient.Frame(0x80, "x"u8)] },
        { "a continuation after a whole message", ProtocolError, [RawClient.Text("a"), RawClient.Frame(0x80, "x"u8)] },
        { "a new message inside another", ProtocolError, [RawClient.Frame(0x01, "x"u8), RawClient.Text("y")] },
        { "a length with the high bit", ProtocolError, [[0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4]] },
        { "a close of one byte", ProtocolError, [RawClient.Frame(0x88, [3])] },
        { "close code 0", ProtocolError, [RawClient.Frame(0x88, [0, 0])] },
        { "close code 999", ProtocolError, [RawClient.Frame(0x88, [3, 231])] },
        { "close code 1004", ProtocolError, [RawClient.Frame(0x88, [3, 236])] },
        { "close code 1005", ProtocolError, [RawClient.Frame(0x88, [3, 237])] },
        { "close code 1006", ProtocolError, [RawClient.Frame(0x88, [3, 238])] },
        { "close code 1015", ProtocolError, [RawClient.Frame(0x88, [3, 247])] },
        { "close code 2999", ProtocolError, [RawClient.Frame(0x88, [11, 183])] },
        { "close code 5000", ProtocolError, [RawClient.Frame(0x88, [19, 136])] },
        { "a close with a reason that is no text", InvalidText, [RawClient.Frame(0x88, [3, 232, 0xff])] },
        { "a text that is no UTF-8", InvalidText, [RawClient.Frame(0x81, [0xff])] },
        { "a text cut in a character", InvalidText, [RawClient.Frame(0x81, [0xe2, 0x82])] },
        { "an overlong character", InvalidText, [RawClient.Frame(0x81, [0xc0, 0xaf])] },
        { "a surrogate", InvalidText, [RawClient.Frame(0x81, [0xed, 0xa0, 0x80])] },
        { "a character beyond the last", InvalidText, [RawClient.Frame(0x81, [0xf4, 0x90, 0x80, 0x80])] },
        { "a bad byte in a fragment, before the end", InvalidText, [RawClient.Frame(0x01, [0xff])] },
        { "a character that the next fragment does not finish", InvalidText, [RawClient.Frame(0x01, [0xe2, 0x82]), RawClient.Frame(0x00, "x"u8)] },
        { "fragments that end in a character", InvalidText, [RawClient.Frame(0x01, "x"u8), RawClient.Frame(0x80, [0xe2, 0x82])] },
        { "an empty end within a character", InvalidText, [RawClient.Frame(0x01, [0xe2]), RawClient.Frame(0x80, [])] },
        { "4097 bytes", TooLarge, [RawClient.Frame(0x81, new byte[4097])] },
        { "a length of 16 bits too large", TooLarge, [[0x81, 0xfe, 0xff, 0xff]] },
        { "a length of 64 bits too large", TooLarge, [[0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]] },
        { "4097 bytes in fragments", TooLarge, [RawClient.Frame(0x01, new byte[4000]), RawClient.Frame(0x80, new byte[97])] },
    };

    public static TheoryData<string, byte[][], string[]> Sound => new()
    {
        { "a text", [RawClient.Text("hé")], ["message hé"] },
        { "an empty text", [RawClient.Text("")], ["message "] },
        { "a binary message, any bytes", [RawClient.Frame(0x82, [0x7b, 0xff])], ["message {\ufffd"] },
        { "two in one receive", [RawClient.Text("a"), RawClient.Text("b")], ["message a", "message b"] },
        { "125, 126 and 4096 bytes", [Of(125), Of(126), Of(4096)], [$"message {new string('x', 125)}", $"message {new string('x', 126)}", $"message {new string('x', 4096)}"] },
        { "fragments", [RawClient.Frame(0x01, "a"u8), RawClient.Frame(0x00, "b"u8), RawClient.Frame(0x80, "c"u8)], ["message abc"] },
        { "empty fragments", [RawClient.Frame(0x01, []), RawClient.Frame(0x00, []), RawClient.Frame(0x80, [])], ["message "] },
        {
            "a character in three fragments",
            [RawClient.Frame(0x01, [0xf0]), RawClient.Frame(0x00, [0x9f, 0x98]), RawClient.Frame(0x80, [0x80, 0x21])],
            ["message 😀!"]
        },
        {
            "control frames between fragments",
            [RawClient.Frame(0x01, "a"u8), RawClient.Frame(0x89, "p"u8), RawClient.Frame(0x8a, "q"u8), RawClient.Frame(0x80, "b"u8)],
            ["ping p", "pong", "message ab"]
        },
        { "fragments of 4096 bytes together", [RawClient.Frame(0x01, new byte[4000]), RawClient.Frame(0x80, new byte[96])], [$"message {new string('\0', 4096)}"] },
        { "a zero mask", [RawClient.Frame(0x81, "plain"u8, mask: 0)], ["message plain"] },
        { "a ping of 125 bytes", [RawClient.Frame(0x89, Encoding.ASCII.GetBytes(new string('p', 125)))], [$"ping {new string('p', 125)}"] },
        { "a short length in the long form", [[0x81, 0xfe, 0x00, 0x01, 0, 0, 0, 0, (byte)'s']], ["message s"] },
        { "a close without a code", [RawClient.Frame(0x88, [])], ["close 1005"] },
        { "a close with code and reason", [RawClient.Frame(0x88, [0x10, 0x04, (byte)'b', (byte)'y', (byte)'e'])], ["close 4100"] },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void What_is_malformed_is_answered_with_its_code(string what, int code, byte[][] frames)
    {
        var bytes = frames.SelectMany(frame => frame).ToArray();
        Assert.True(Feed(bytes, bytes.Length).Last() == $"violation {code}", what);
    }

    [Theory, MemberData(nameof(Malformed))]
    public void What_is_malformed_is_so_byte_by_byte_too(string what, int code, byte[][] frames)
        => Assert.True(Feed(frames.SelectMany(frame => frame).ToArray(), 1).Last() == $"violation {code}", what);

    [Theory, MemberData(nameof(Sound))]
    public void What_is_sound_is_understood_wherever_it_is_cut(string what, byte[][] frames, string[] expected)
    {
        var bytes = frames.SelectMany(frame => frame).ToArray();
        foreach (var step in new[] { bytes.Length, 1, 2, 3, 5, 7, 13, 64, 1000 })
            Assert.True(expected.SequenceEqual(Feed(bytes, step)), $"{what}, {step} bytes at a time");
    }

    [Fact]
    public void A_stream_of_messages_survives_every_single_cut()
    {
        byte[] bytes = [.. RawClient.Text("one"), .. RawClient.Frame(0x01, [0xe2, 0x82]), .. RawClient.Frame(0x89, "p"u8), .. RawClient.Frame(0x80, [0xac]), .. RawClient.Text(new string('y', 200))];
        var expected = Feed(bytes, bytes.Length);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var sink = new Sink();
            InboundAssembly? assembly = null;
            InboundFrames.Feed(bytes.AsSpan(0, cut).ToArray(), ref assembly, sink);
            InboundFrames.Feed(bytes.AsSpan(cut).ToArray(), ref assembly, sink);
            Assert.Equal(expected, sink.Heard);
            Assert.Null(assembly);
        }
    }

    [Fact]
    public void Any_bytes_mean_the_same_however_they_are_cut()
    {
        var random = new Random(11);
        for (var round = 0; round < 400; round++)
        {
            var frames = new List<byte>();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                var payload = new byte[random.Next(4) == 0 ? random.Next(5000) : random.Next(130)];
                if (random.Next(3) == 0)
                    random.NextBytes(payload);
                byte[] firsts = [0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88, (byte)random.Next(256)];
                frames.AddRange(RawClient.Frame(firsts[random.Next(firsts.Length)], payload, random.Next(40) == 0 ? null : (uint)random.Next()));
            }

            byte[] bytes = [.. frames];
            var whole = Feed(bytes, bytes.Length);
            Assert.Equal(whole, Feed(bytes, 1));
            Assert.Equal(whole, Feed(bytes, random.Next(1, 600)));
        }
    }

    [Fact]
    public void A_violation_is_told_before_the_payload_has_come()
    {
        Assert.Equal(["violation 4002"], Feed([0x81, 0xfe, 0x10, 0x01], 1));
        Assert.Equal(["violation 1002"], Feed([0x83], 1));
        Assert.Equal(["violation 1002"], Feed([0x81, 0x05], 1));
    }

    [Fact]
    public void Nothing_is_held_between_messages_and_something_within()
    {
        InboundAssembly? assembly = null;
        var sink = new Sink();
        InboundFrames.Feed(RawClient.Text("whole"), ref assembly, sink);
        Assert.Null(assembly);
        InboundFrames.Feed(RawClient.Text("half").AsSpan(0, 5), ref assembly, sink);
        Assert.NotNull(assembly);
        InboundFrames.Feed(RawClient.Text("half").AsSpan(5), ref assembly, sink);
        Assert.Null(assembly);
        InboundFrames.Feed(RawClient.Frame(0x01, "begun"u8), ref assembly, sink);
        Assert.NotNull(assembly);
        InboundFrames.Feed(RawClient.Frame(0x80, ""u8), ref assembly, sink);
        Assert.Null(assembly);
        Assert.Equal(["message whole", "message half", "message begun"], sink.Heard);
    }

    [Fact]
    public void A_sink_that_wants_no_more_leaves_the_rest()
    {
        InboundAssembly? assembly = null;
        var sink = new Sink { WantedMessages = 1 };
        byte[] first = RawClient.Text("one"), second = RawClient.Text("two");
        Assert.Equal(first.Length, InboundFrames.Feed([.. first, .. second], ref assembly, sink));
        Assert.Equal(["message one"], sink.Heard);
    }

    static byte[] Of(int length) => RawClient.Text(new string('x', length));

    static List<string> Feed(byte[] bytes, int step)
    {
        var sink = new Sink();
        InboundAssembly? assembly = null;
        for (var at = 0; at < bytes.Length; at += step)
            InboundFrames.Feed(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)).ToArray(), ref assembly, sink);
        assembly?.Dispose();
        return sink.Heard;
    }

    sealed class Sink : IFrameSink
    {
        bool _isOver;

        public List<string> Heard { get; } = [];

        public int WantedMessages { get; init; } = int.MaxValue;

        public bool WantsFrames => !_isOver && Heard.Count < WantedMessages;

        public void OnMessage(ReadOnlySpan<byte> payload) => Heard.Add($"message {Encoding.UTF8.GetString(payload)}");

        public void OnPing(ReadOnlySpan<byte> payload) => Heard.Add($"ping {Encoding.UTF8.GetString(payload)}");

        public void OnPong() => Heard.Add("pong");

        public void OnClose(int code)
        {
            Heard.Add($"close {code}");
            _isOver = true;
        }

        public void OnViolation(int closeCode)
        {
            Heard.Add($"violation {closeCode}");
            _isOver = true;
        }
    }
}

using System.Text;
using System.Text.Json;
using Kith.Load.Wire;

namespace Kith.Load.Tests;

public sealed class ScannerTests
{
    const string Message = """
        {"author":{"id":"99","username":"a\"b\\"},"mentions":[{"id":"98"}],"nonce":"0000075bcd15abcd00000007","id":"1175928847299117063","content":"} \" ] \\","channel_id":"41771983423143937","referenced_message":{"id":"5","nonce":"x","channel_id":"6"}}
        """;

    static readonly MessageEvent s_expected = new(1175928847299117063, 41771983423143937, new(123456789, 0xabcd, 7));

    [Theory]
    [InlineData("""{"t":"MESSAGE_CREATE","s":42,"op":0,"d":#}""")]
    [InlineData("""{"op":0,"d":#,"t":"MESSAGE_CREATE","s":42}""")]
    [InlineData("""{ "d" : # , "s" : 42 , "op" : 0 , "t" : "MESSAGE_CREATE" }""")]
    public void A_message_is_read_wherever_its_envelope_keeps_it(string envelope)
    {
        var bytes = Encoding.UTF8.GetBytes(envelope.Replace("#", Message));
        var dispatch = DispatchScanner.Read(bytes, out var layout);
        Assert.Equal(new Dispatch(0, EventKind.Message, 42, s_expected), dispatch);
        Assert.Equal("42", Encoding.UTF8.GetString(bytes, layout.SequenceStart, layout.SequenceLength));
        Assert.Equal("1175928847299117063", Encoding.UTF8.GetString(bytes, layout.IdEnd - 19, 19));
    }

    [Theory]
    [InlineData("""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]}}""", 10, EventKind.Other, 0)]
    [InlineData("""{"t":null,"s":null,"op":11,"d":null}""", 11, EventKind.Other, 0)]
    [InlineData("""{"op":9,"d":false}""", 9, EventKind.Other, 0)]
    [InlineData("""{"t":"READY","s":1,"op":0,"d":{"session_id":"abc","guilds":[]}}""", 0, EventKind.Ready, 1)]
    [InlineData("""{"t":"RESUMED","s":9,"op":0,"d":{}}""", 0, EventKind.Resumed, 9)]
    [InlineData("""{"t":"TYPING_START","s":7,"op":0,"d":{"channel_id":"1"}}""", 0, EventKind.Other, 7)]
    public void Other_envelopes_keep_their_opcode_kind_and_sequence(string envelope, int op, object kind, uint sequence) =>
        Assert.Equal(new Dispatch(op, (EventKind)kind, sequence, default), DispatchScanner.Read(Encoding.UTF8.GetBytes(envelope), out _));

    [Theory]
    [InlineData("""{"op":0,"d":{"id":"1" """)]
    [InlineData("""{"op":0,"d":{"id":"1\""")]
    [InlineData("""["not an object"]""")]
    [InlineData("")]
    public void What_is_cut_off_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => DispatchScanner.Read(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Members_are_found_as_a_real_parser_finds_them()
    {
        const string json = """{"a":1,"b":"x\"y","c":{"d":"e","f":[1,{"g":"}"}]},"h":null,"i":-1.5e3,"j":[],"k":true,"l":""}""";
        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            var raw = property.Value.GetRawText();
            var expected = property.Value.ValueKind == JsonValueKind.String ? raw[1..^1] : raw;
            Assert.Equal(expected, Encoding.UTF8.GetString(JsonSpan.Find(Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(property.Name))));
        }

        Assert.True(JsonSpan.Find(Encoding.UTF8.GetBytes(json), "g"u8).IsEmpty);
    }

    [Theory]
    [InlineData("""{"t":"MESSAGE_CREATE","s":@,"op":0,"d":#}""")]
    [InlineData("""{"op":0,"t":"MESSAGE_CREATE","d":#,"s":@}""")]
    public void The_cache_reads_the_same_as_the_scanner(string envelope)
    {
        var cache = new DispatchCache(DispatchScanner.Read);
        var random = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var message = Message.Replace("1175928847299117063", (1175928847299117000 + random.Next(40)).ToString());
            var bytes = Encoding.UTF8.GetBytes(envelope.Replace("#", message).Replace("@", random.Next(1, 2_000_000).ToString()));
            Assert.Equal(DispatchScanner.Read(bytes, out _), cache.Read(bytes));
        }
    }

    [Fact]
    public void The_cache_tells_messages_apart_that_differ_in_one_byte()
    {
        var cache = new DispatchCache(DispatchScanner.Read);
        var envelope = """{"t":"MESSAGE_CREATE","s":5,"op":0,"d":#}""".Replace("#", Message);
        cache.Read(Encoding.UTF8.GetBytes(envelope));
        var other = Encoding.UTF8.GetBytes(envelope.Replace("00000007", "00000008"));
        Assert.Equal(8u, cache.Read(other).Message.Stamp.Number);
        Assert.Equal(0u, cache.Read(Encoding.UTF8.GetBytes("""{"t":"MESSAGE_DELETE","s":6,"op":0,"d":#}""".Replace("#", Message))).Message.Stamp.Number);
    }

    [Fact]
    public void A_stamp_is_read_back_from_its_nonce()
    {
        var stamp = new Stamp(0x123456789ab, 0xBEEF, 0xFFFFFFFF);
        var nonce = new byte[Stamp.Length];
        stamp.Write(nonce);
        Assert.True(Stamp.TryRead(nonce, out var read));
        Assert.Equal(stamp, read);
        Assert.InRange(Stamp.Length, 1, 25);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not one of ours at all..")]
    [InlineData("0000075bcd15000000000007")]
    [InlineData("0000075bcd15abcd0000000g")]
    public void Nonces_of_others_are_no_stamps(string nonce) => Assert.False(Stamp.TryRead(Encoding.ASCII.GetBytes(nonce), out _));
}

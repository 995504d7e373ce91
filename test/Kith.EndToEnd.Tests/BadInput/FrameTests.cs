using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.BadInput;

/// <summary>Frames that break the rules, on a socket with a live session: the right close code, and a session that can be resumed with nothing lost.</summary>
public abstract class FrameSuite(IKithServer host)
{
    static readonly byte[] Beat = "{\"op\":1,\"d\":null}"u8.ToArray();

    public static TheoryData<string, int, byte[]> Broken => new()
    {
        { "unmasked", 1002, RawGateway.Frame(RawFrame.Text, Beat, masked: false) },
        { "reserved bits", 1002, RawGateway.Frame(RawFrame.Text, Beat, reserved: 4) },
        { "an opcode that is none", 1002, RawGateway.Frame(3, Beat) },
        { "a continuation of nothing", 1002, RawGateway.Frame(RawFrame.Continuation, Beat) },
        { "a message within a message", 1002, [.. RawGateway.Frame(RawFrame.Text, Beat[..4], final: false), .. RawGateway.Frame(RawFrame.Text, Beat)] },
        { "a ping in pieces", 1002, RawGateway.Frame(RawFrame.Ping, [], final: false) },
        { "a ping of 126 bytes", 1002, RawGateway.Frame(RawFrame.Ping, new byte[126]) },
        { "a close of one byte", 1002, RawGateway.Frame(RawFrame.Close, [3]) },
        { "text that is no UTF-8", 1007, RawGateway.Frame(RawFrame.Text, [0xff, 0xfe]) },
        { "4,097 bytes", 4002, RawGateway.Frame(RawFrame.Text, Encoding.ASCII.GetBytes(new string(' ', 4080) + "{\"op\":1,\"d\":null}")) },
        { "4,097 bytes in pieces", 4002, [.. RawGateway.Frame(RawFrame.Text, Encoding.ASCII.GetBytes(new string(' ', 4000)), final: false), .. RawGateway.Frame(RawFrame.Continuation, new byte[97])] },
        { "a length of two gigabytes", 4002, [0x81, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 1, 2, 3, 4] },
        { "a length of which the highest bit is set", 1002, [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_frame_closes_with_its_code_and_the_session_can_be_resumed(string what, int code, byte[] bytes)
    {
        var user = await host.Register();
        var guild = await user.CreateGuild();
        await using var raw = await RawGateway.Connect(host.Address);
        await raw.Send(GatewayOpcode.Identify, new { token = user.Token, properties = new { } });
        var ready = await raw.ReadUntil(p => p.Str("t") == "READY");
        var last = await raw.ReadUntil(p => p.Str("t") == "GUILD_CREATE");
        await raw.SendBytes(bytes);
        Assert.True(await raw.ReadCloseCode() == code, what);

        var missed = await user.Send(guild.General, "missed");
        await using var probe = await GatewayProbe.Connect(host.Address);
        await probe.Resume(user.Token, ready.GetProperty("d").Str("session_id")!, last.Int("s"));
        await probe.Wait("RESUMED");
        await probe.Wait("MESSAGE_CREATE", m => m.Str("id") == missed.Str("id"));
    }

    [Fact]
    public async Task Control_frames_within_a_message_are_answered_and_the_message_is_understood()
    {
        var user = await host.Register();
        var identify = JsonSerializer.SerializeToUtf8Bytes(new { op = 2, d = new { token = user.Token, properties = new { } } });
        await using var raw = await RawGateway.Connect(host.Address);
        await raw.SendFrame(RawFrame.Text, identify[..10], final: false);
        await raw.SendFrame(RawFrame.Ping, "are you there"u8.ToArray());
        await raw.SendFrame(RawFrame.Continuation, identify[10..20], final: false);
        await raw.SendFrame(RawFrame.Pong, []);
        await raw.SendFrame(RawFrame.Continuation, identify[20..]);
        RawFrame? frame;
        do frame = await raw.ReadFrame();
        while (frame is { Opcode: not RawFrame.Pong });
        Assert.Equal("are you there", Encoding.ASCII.GetString(frame!.Payload));
        Assert.Equal(user.Id, (await raw.ReadUntil(p => p.Str("t") == "READY")).GetProperty("d").GetProperty("user").Id<UserId>());
    }

    [Fact]
    public async Task A_close_by_the_client_is_answered_with_its_own_code()
    {
        await using var raw = await RawGateway.Connect(host.Address);
        var code = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(code, 4901);
        await raw.SendFrame(RawFrame.Close, code);
        Assert.Equal(4901, await raw.ReadCloseCode());
    }
}

/// <summary>Against one process.</summary>
public sealed class FrameTests(KithHost host) : FrameSuite(host);

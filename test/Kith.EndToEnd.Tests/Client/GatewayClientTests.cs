using System.Threading.Channels;
using Kith.Client;
using Kith.Protocol;
using Kith.Testing;


namespace Kith.EndToEnd.Tests.Client;

public sealed class GatewayClientTests : IAsyncLifetime
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(40);

    readonly ManualTimeProvider clock = new();
    readonly CancellationTokenSource ending = new();
    readonly Channel<GatewayEvent> events = System.Threading.Channels.Channel.CreateUnbounded<GatewayEvent>();
    ScriptedGateway gateway = null!;
    RestClient rest = null!;
    Task reading = Task.CompletedTask;

    public async ValueTask InitializeAsync() => gateway = await ScriptedGateway.Start();

    public async ValueTask DisposeAsync()
    {
        // The gateway first: a client that closes waits a moment for the gateway's answer.
        await gateway.DisposeAsync();
        await ending.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        rest.Dispose();
        ending.Dispose();
    }

    [Fact]
    public async Task It_identifies_and_yields_events_in_order()
    {
        var peer = await ConnectReady();
        await peer.Dispatch(2, "MESSAGE_DELETE", new { id = "5", channel_id = "6", author_id = "7", mentions = Array.Empty<string>(), mention_roles = Array.Empty<string>(), mention_everyone = false });
        await peer.Dispatch(3, "SOMETHING_NEW", new { x = 1 });
        Assert.Equal(5, Assert.IsType<MessageDeleted>(await Next()).Deletion.Id.Value);
        var other = Assert.IsType<OtherEvent>(await Next());
        Assert.Equal(("SOMETHING_NEW", 3L, 1), (other.Name, other.Sequence, other.Data.Int("x")));
    }

    [Fact]
    public async Task After_a_lost_connection_it_resumes_where_it_stopped_and_drops_repeats()
    {
        var first = await ConnectReady();
        await first.Dispatch(2, "A", new { });
        Assert.Equal("A", (await Next()).Name);
        first.Cut();
        var second = await AcceptAfterPause();
        Assert.Equal("/resume/here", second.Path);
        await second.Hello(Interval);
        var (op, resume) = await second.Receive();
        Assert.Equal((GatewayOpcode.Resume, "session", 2), (op, resume.Str("session_id")!, resume.Int("seq")));
        await second.Dispatch(2, "A", new { });
        await second.Dispatch(3, "B", new { });
        await second.Dispatch(4, "RESUMED", new { });
        Assert.Equal("B", (await Next()).Name);
        Assert.IsType<SessionResumed>(await Next());
    }

    [Fact]
    public async Task Asked_to_reconnect_it_resumes_at_once_and_keeps_the_session()
    {
        var first = await ConnectReady();
        await first.Send(GatewayOpcode.Reconnect, null);
        // 1000 or 1001 would end the session.
        Assert.Equal(4000, await first.ReceiveClose());
        var second = await AcceptAfterPause();
        await second.Hello(Interval);
        Assert.Equal(GatewayOpcode.Resume, (await second.Receive()).Op);
    }

    [Fact]
    public async Task A_session_that_is_gone_is_replaced_by_a_new_one_on_the_same_socket()
    {
        var first = await ConnectReady();
        first.Cut();
        var second = await AcceptAfterPause();
        await second.Hello(Interval);
        Assert.Equal(GatewayOpcode.Resume, (await second.Receive()).Op);
        await second.Send(GatewayOpcode.InvalidSession, false);
        Assert.Equal(GatewayOpcode.Identify, (await second.Receive()).Op);
        await second.Ready("other", gateway.Socket);
        Assert.Equal("other", Assert.IsType<SessionStarted>(await Next()).Ready.SessionId);
    }

    [Theory]
    [InlineData(4004)]
    [InlineData(4010)]
    [InlineData(4013)]
    [InlineData(4014)]
    public async Task A_final_close_code_ends_the_events_with_the_reason(int code)
    {
        var peer = await ConnectReady();
        await peer.Close(code);
        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() => Deadline.For(Ended(), () => "the end of the events"));
        Assert.Equal(code, (int)refused.Code);
    }

    [Theory]
    [InlineData(4000, GatewayOpcode.Resume)]
    [InlineData(4008, GatewayOpcode.Resume)]
    [InlineData(1001, GatewayOpcode.Resume)]
    [InlineData(4007, GatewayOpcode.Identify)]
    [InlineData(4009, GatewayOpcode.Identify)]
    public async Task Any_other_close_code_is_answered_by_coming_back(int code, GatewayOpcode expected)
    {
        var first = await ConnectReady();
        await first.Close(code);
        var second = await AcceptAfterPause();
        await second.Hello(Interval);
        Assert.Equal(expected, (await second.Receive()).Op);
    }

    [Fact]
    public async Task Heartbeats_carry_the_last_sequence_and_a_missing_answer_ends_the_connection()
    {
        var peer = await ConnectReady();
        await peer.Dispatch(2, "A", new { });
        await Next();
        // The first beat comes after a random part of the interval.
        await PassTime(Interval);
        var (op, sequence) = await peer.Receive();
        Assert.Equal((GatewayOpcode.Heartbeat, 2), (op, sequence.GetInt32()));
        await PassTime(Interval);
        Assert.Equal(1006, await peer.ReceiveClose());
        var second = await AcceptAfterPause();
        await second.Hello(Interval);
        Assert.Equal(GatewayOpcode.Resume, (await second.Receive()).Op);
    }

    [Fact]
    public async Task Answered_heartbeats_go_on()
    {
        var peer = await ConnectReady();
        for (var i = 0; i < 4; i++)
        {
            await PassTime(Interval);
            Assert.Equal(GatewayOpcode.Heartbeat, (await peer.Receive()).Op);
            await peer.Send(GatewayOpcode.HeartbeatAck, null);
            // Sent after the answer, so that it has been read when this arrives.
            await peer.Dispatch(2 + i, "A", new { });
            await Next();
        }
    }

    [Fact]
    public async Task A_heartbeat_that_the_gateway_asks_for_is_sent_at_once()
    {
        var peer = await ConnectReady();
        await peer.Send(GatewayOpcode.Heartbeat, null);
        Assert.Equal(GatewayOpcode.Heartbeat, (await peer.Receive()).Op);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_tried_until_it_is_back()
    {
        await ConnectReady();
        var port = gateway.Address.Port;
        await gateway.DisposeAsync();
        for (var pause = 0; pause < 5; pause++)
            await PassTime(TimeSpan.FromMinutes(1));
        gateway = await ScriptedGateway.Start(port);
        var peer = await AcceptAfterPause();
        await peer.Hello(Interval);
        Assert.Equal(GatewayOpcode.Resume, (await peer.Receive()).Op);
    }

    [Fact]
    public async Task Cancelling_closes_with_1000_and_ends_the_events()
    {
        var peer = await ConnectReady();
        await ending.CancelAsync();
        Assert.Equal(1000, await peer.ReceiveClose());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(Ended(), () => "the end of the events"));
    }

    async Task<ScriptedGateway.Peer> ConnectReady()
    {
        var options = new KithClientOptions { Address = gateway.Address, Token = "token", Clock = clock };
        rest = new RestClient(options);
        reading = Task.Run(() => Read(new GatewayClient(options, rest)));
        var peer = await gateway.Accept();
        await peer.Hello(Interval);
        var (op, identify) = await peer.Receive();
        Assert.Equal((GatewayOpcode.Identify, "token"), (op, identify.Str("token")!));
        await peer.Ready("session", new Uri(gateway.Socket, "/resume/here"));
        Assert.IsType<SessionStarted>(await Next());
        return peer;
    }

    async Task Read(GatewayClient client)
    {
        await foreach (var e in client.ReadAsync(ending.Token))
            await events.Writer.WriteAsync(e);
    }

    Task<GatewayEvent> Next() => Deadline.For(events.Reader.ReadAsync().AsTask(), () => "the next event");

    async Task<bool> Ended()
    {
        await reading;
        return true;
    }

    async Task<ScriptedGateway.Peer> AcceptAfterPause()
    {
        var accepting = gateway.Accept();
        await Deadline.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(accepting.IsCompleted);
            },
            came => came,
            "the client comes back");
        return await accepting;
    }

    async Task PassTime(TimeSpan time)
    {
        await Deadline.Until(() => Task.FromResult(clock.Armed), n => n > 0, "a timer is armed");
        clock.Advance(time);
    }
}

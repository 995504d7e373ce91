using Kith.Testing;

namespace Kith.EndToEnd.Tests.Telemetry;

public sealed class TracingTests
{
    [Fact]
    public async Task One_trace_follows_a_message_from_its_request_to_the_socket()
    {
        await using var collector = await OtlpReceiver.Start();
        await using (var host = await KithHost.Start(new KithHostSetup
        {
            Options = o => o with { Telemetry = o.Telemetry with { Endpoint = collector.Address.ToString(), SampleRatio = 0.000_001 } },
        }))
        {
            var alice = await host.Register();
            var guild = await alice.CreateGuild();
            await using var socket = await GatewayProbe.Login(alice);
            var (unwanted, trace) = (OtlpReceiver.NewTrace(chosen: false), OtlpReceiver.NewTrace(chosen: true));
            await OtlpReceiver.Send(alice, guild.General, "whatever its caller wishes", unwanted);
            var caller = await OtlpReceiver.Send(alice, guild.General, "traced", trace);
            await socket.Wait("MESSAGE_CREATE", m => m.Str("content") == "traced");
            var spans = await collector.MessageTrace(trace, caller);
            Assert.Equal("POST /channels/{channel_id}/messages", Assert.Single(spans, s => s.Parent == caller).Name);
            Assert.Empty(collector.Of(unwanted));
        }

        // The last of them when the server ended.
        Assert.Contains("kith.messages.sends", collector.Metrics);
        Assert.Contains("kith.gateway.connections", collector.Metrics);
    }
}

using System.Net.WebSockets;
using System.Text;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

public sealed class GatewayConnectionTests
{
    [Fact]
    public async Task A_websocket_client_is_greeted_and_heard()
    {
        var handler = new ScriptedHandler { Opened = connection => connection.Send(ControlPayload.Hello(TimeSpan.FromSeconds(41.25))) };
        await using var host = await TransportHost.Start(handler);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://localhost:{host.Port}/"), default);
        var buffer = new byte[1024];
        var received = await client.ReceiveAsync(buffer, default);
        Assert.Equal("""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}""", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal("opened", await handler.Next());
        Assert.True((await handler.Connection).Link is null, "the socket itself should have been taken");
        await client.SendAsync("identify"u8.ToArray(), WebSocketMessageType.Text, true, default);
        Assert.Equal("identify", await handler.Next());
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        Assert.Equal("closed Client 1000", await handler.Next());
        Assert.Empty(host.Log.AtLeast(LogLevel.Warning));
    }
}

using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Client;

/// <summary>A gateway whose side of each connection a test plays: for what a good server does not do.</summary>
sealed class ScriptedGateway : IAsyncDisposable
{
    readonly Channel<Peer> accepted = System.Threading.Channels.Channel.CreateUnbounded<Peer>();
    readonly System.Collections.Concurrent.ConcurrentBag<Peer> peers = [];
    readonly WebApplication app;

    ScriptedGateway(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public Uri Socket => new UriBuilder(Address) { Scheme = "ws" }.Uri;

    /// <param name="port">0 for a free one.</param>
    public static async Task<ScriptedGateway> Start(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        var gateway = new ScriptedGateway(builder.Build());
        gateway.app.UseWebSockets();
        gateway.app.Run(gateway.Serve);
        await gateway.app.StartAsync();
        gateway.Address = new Uri(gateway.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return gateway;
    }

    /// <summary>The next connection.</summary>
    public Task<Peer> Accept() => Deadline.For(accepted.Reader.ReadAsync().AsTask(), () => "a connection to the gateway");

    public async ValueTask DisposeAsync()
    {
        // Connections still open would keep the server's end waiting.
        foreach (var peer in peers)
            peer.Cut();
        await app.DisposeAsync();
    }

    async Task Serve(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await http.Response.WriteAsJsonAsync(new { url = Socket.ToString() });
            return;
        }

        var peer = new Peer(await http.WebSockets.AcceptWebSocketAsync(), http);
        peers.Add(peer);
        await accepted.Writer.WriteAsync(peer);
        await peer.Ended;
    }

    public sealed class Peer(WebSocket socket, HttpContext http)
    {
        readonly TaskCompletionSource ended = new();

        public Task Ended => ended.Task;

        public string Path => http.Request.Path;

        public Task Hello(TimeSpan interval) => Send(GatewayOpcode.Hello, new { heartbeat_interval = (int)interval.TotalMilliseconds });

        public Task Ready(string session, Uri resume) => Dispatch(1, "READY", new
        {
            v = 10, session_id = session, resume_gateway_url = resume, guilds = Array.Empty<object>(),
            application = new { id = "1", flags = 0 }, user = new { id = "1", username = "me" },
        });

        public Task Dispatch(long sequence, string name, object data) => SendText(new { op = 0, s = sequence, t = name, d = data });

        public Task Send(GatewayOpcode op, object? data) => SendText(new { op = (int)op, d = data });

        Task SendText(object payload) => socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(payload), WebSocketMessageType.Text, endOfMessage: true, default);

        /// <summary>The client's next payload; fails where it closes instead.</summary>
        public async Task<(GatewayOpcode Op, JsonElement Data)> Receive()
        {
            var buffer = new byte[8192];
            var part = await Deadline.For(socket.ReceiveAsync(buffer, default), () => "the client's payload");
            if (part.MessageType == WebSocketMessageType.Close) Assert.Fail($"The client closed with {socket.CloseStatus}.");
            var json = JsonDocument.Parse(buffer.AsMemory(0, part.Count)).RootElement;
            return ((GatewayOpcode)json.Int("op"), json.GetProperty("d"));
        }

        /// <summary>Reads until the client's end: its close code, or 1006.</summary>
        public async Task<int> ReceiveClose()
        {
            var buffer = new byte[8192];
            try
            {
                while (true)
                {
                    var part = await Deadline.For(socket.ReceiveAsync(buffer, default), () => "the client's close");
                    if (part.MessageType == WebSocketMessageType.Close) return (int)socket.CloseStatus!;
                }
            }
            catch (WebSocketException)
            {
                return 1006;
            }
            finally
            {
                ended.TrySetResult();
            }
        }

        public async Task Close(int code)
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, "", default);
            ended.TrySetResult();
        }

        public void Cut()
        {
            // Once ended, the request is no longer there to be aborted.
            if (ended.Task.IsCompleted) return;
            http.Abort();
            ended.TrySetResult();
        }
    }
}

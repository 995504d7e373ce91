using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Baselines.SignalR;

/// <summary>The hub at <c>/hub</c>: a client joins the group of a channel and then receives its MESSAGE_CREATE invocations.</summary>
internal sealed class ChatHub : Hub
{
    public Task Join(string channel) => Groups.AddToGroupAsync(Context.ConnectionId, channel, Context.ConnectionAborted);
}

/// <summary>One lock per channel: ids are taken and handed to SignalR in one order, as a chat must.</summary>
internal sealed class ChannelOrder
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lock> _locks = new(StringComparer.Ordinal);

    public Lock For(string channel) => _locks.GetOrAdd(channel, static _ => new Lock());
}

internal sealed class SignalRServer : IAsyncDisposable
{
    readonly WebApplication _app;

    SignalRServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<SignalRServer> Start(int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<JsonOptions>(json => ChatJson.Apply(json.SerializerOptions).TypeInfoResolverChain.Insert(0, ChatJson.Default));
        builder.Services.AddSingleton<ChannelOrder>();
        builder.Services.AddSingleton(new MessageFactory(TimeProvider.System));
        builder.Services.AddSignalR().AddJsonProtocol(json => ChatJson.Apply(json.PayloadSerializerOptions).TypeInfoResolverChain.Insert(0, ChatJson.Default));
        var app = builder.Build();
        app.MapHub<ChatHub>("/hub");
        app.MapPost("/api/v10/channels/{channel}/messages", Post);
        await app.StartAsync(cancel);
        return new(app);
    }

    public Task Serve(CancellationToken cancel) => ((IHost)_app).WaitForShutdownAsync(cancel);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    static async Task<IResult> Post(string channel, NewMessage posted, IHubContext<ChatHub> hub, ChannelOrder order, MessageFactory messages, CancellationToken cancel)
    {
        ChatMessage message;
        Task sent;
        lock (order.For(channel))
        {
            message = messages.Create(channel, posted);
            sent = hub.Clients.Group(channel).SendAsync("MESSAGE_CREATE", message, cancel);
        }

        await sent;
        return TypedResults.Ok(message);
    }
}

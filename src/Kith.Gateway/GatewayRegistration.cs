using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Resume;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Gateway;

public static class GatewayRegistration
{
    /// <summary>Sessions over the transport, and presence. Needs the engine and <see cref="GatewayOptions"/> in the container.</summary>
    public static IServiceCollection AddGatewaySessions(this IServiceCollection services) => services
        .AddGatewayTransport()
        .AddSingleton<LoopReads>()
        .AddSingleton<GuildReads>()
        .AddSingleton<GuildWelcomes>()
        .AddSingleton<MemberRequests>()
        .AddSingleton<DeliveredReceipts>()
        .AddHostedService(s => s.GetRequiredService<DeliveredReceipts>())
        .AddSingleton<GatewayMetrics>()
        .AddSingleton<GatewayEngine>()
        .AddSingleton<GatewayNode>()
        .AddSingleton<IEventSink>(s => s.GetRequiredService<GatewayNode>())
        .AddSingleton<SessionHandover>()
        .AddSingleton<ReadyAccount>()
        .AddSingleton<ReadyBuilder>()
        .AddSingleton<SessionStarter>()
        .AddSingleton<GatewayEntrance>()
        .AddHostedService<GatewayShutdown>();

    /// <summary>Before routing: requests for a WebSocket at the gateway's paths never reach it.</summary>
    public static void UseGateway(this IApplicationBuilder app)
    {
        var entrance = app.ApplicationServices.GetRequiredService<GatewayEntrance>();
        app.Use(next => http => GatewayEntrance.IsFor(http.Request) ? entrance.AcceptAsync(http) : next(http));
    }
}

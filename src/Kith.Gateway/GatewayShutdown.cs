using Kith.Gateway.Dispatch;
using Kith.Gateway.Transport;
using Microsoft.Extensions.Hosting;

namespace Kith.Gateway;

/// <summary>Before anything else stops, every client is asked to reconnect (op 7), in waves, and those that stay are closed. Their sessions end with this process.</summary>
sealed class GatewayShutdown(GatewayNode node, GatewayTransport transport) : IHostedLifecycleService
{
    static readonly DrainPlan Plan = new()
    {
        WaveSize = 5000, WaveInterval = TimeSpan.FromMilliseconds(250), Grace = TimeSpan.FromSeconds(3), CloseGrace = TimeSpan.FromSeconds(1),
    };

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        node.IsStopping = true;
        return transport.Drain(Plan, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

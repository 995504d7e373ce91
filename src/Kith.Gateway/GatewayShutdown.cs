using Kith.Engine.Delivery;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Resume;
using Kith.Gateway.Transport;
using Microsoft.Extensions.Hosting;

namespace Kith.Gateway;

/// <summary>
/// Before anything else stops, every client is asked to reconnect (op 7), in waves, and those that stay are closed. Where there are other gateways the sessions are kept for a while, until
/// those have taken them; what is left then ends with this process.
/// </summary>
sealed class GatewayShutdown(GatewayNode node, GatewayTransport transport, SessionHandover handover, TimeProvider clock) : IHostedLifecycleService
{
    static readonly DrainPlan Plan = new()
    {
        WaveSize = 5000, WaveInterval = TimeSpan.FromMilliseconds(250), Grace = TimeSpan.FromSeconds(3), CloseGrace = TimeSpan.FromSeconds(1),
    };

    /// <summary>Clients wait up to five seconds before they come back.</summary>
    static readonly TimeSpan HandOverGrace = TimeSpan.FromSeconds(10);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        handover.Begin();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        node.IsStopping = true;
        // Those that were detached before may never come back.
        var leave = node.Sessions - transport.Connections;
        await transport.Drain(Plan, cancellationToken);
        if (!await HasOthersAsync(cancellationToken)) return;
        var began = clock.GetTimestamp();
        while (node.Sessions > Math.Max(0, leave) && clock.GetElapsedTime(began) < HandOverGrace)
            await Task.Delay(Pause, clock, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task<bool> HasOthersAsync(CancellationToken ct)
    {
        try
        {
            return (await node.Engine.Directory.AllNodesAsync(ct)).Nodes.Count > 1;
        }
        catch (UnavailableException)
        {
            return false;
        }
    }
}

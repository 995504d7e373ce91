using Kith.Engine.Delivery;

namespace Kith.Cluster.InProcess;

/// <summary>A single process: nobody to be recommended but itself, at the address by which it was reached.</summary>
public sealed class InProcessGatewayServers : IGatewayServers
{
    public IReadOnlyList<GatewayServer> Live => [];
}

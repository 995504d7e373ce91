namespace Kith.Engine.Delivery;

/// <summary>A gateway node as it announces itself.</summary>
/// <param name="Address">What clients connect to, such as wss://g1.example.org.</param>
/// <param name="Region">Empty: none in particular.</param>
/// <param name="Capacity">Sessions it is meant to hold.</param>
/// <param name="Load">Sessions it holds.</param>
public sealed record GatewayServer(string Name, string Address, string Region, int Capacity, int Load);

/// <summary>The live gateway nodes, as far as is known. Adapters: none but this process; ZooKeeper.</summary>
public interface IGatewayServers
{
    /// <summary>Replaced whole when it is read anew; the last known ones while it cannot be.</summary>
    IReadOnlyList<GatewayServer> Live { get; }
}

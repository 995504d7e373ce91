using System.Net;
using Microsoft.AspNetCore.Http;

namespace Kith.Engine.Delivery;

/// <summary>
/// Which gateway a client is told to connect to: of those in its region, or else of all, the one with most room. Whom this process has sent to a node since it last
/// announced its load counts as there already, so that not everyone who asks within a second is sent to the same one.
/// </summary>
public sealed class BestGateway(GatewayOptions options, IGatewayServers servers)
{
    readonly (IPNetwork Network, string Region)[] table =
        [.. options.Regions.Select(r => (Network: IPNetwork.Parse(r.Key), r.Value)).OrderByDescending(r => r.Network.PrefixLength)];

    readonly Lock gate = new();
    readonly Dictionary<string, int> sent = new(StringComparer.Ordinal);
    IReadOnlyList<GatewayServer> counted = [];

    /// <param name="wished">The region that the caller names; null or unknown: by the caller's address.</param>
    public string AddressFor(HttpRequest request, string? wished)
    {
        var live = servers.Live;
        if (live.Count == 0) return options.AddressFor(request);
        var region = live.Any(s => s.Region == wished) ? wished : RegionOf(request.HttpContext.Connection.RemoteIpAddress);
        lock (gate)
        {
            if (counted != live)
            {
                counted = live;
                sent.Clear();
            }

            var best = live.OrderByDescending(s => Room(s) > 0).ThenByDescending(s => s.Region == region).ThenByDescending(Room).ThenBy(s => s.Name, StringComparer.Ordinal).First();
            sent[best.Name] = sent.GetValueOrDefault(best.Name) + 1;
            return best.Address.TrimEnd('/');
        }
    }

    int Room(GatewayServer server) => server.Capacity - server.Load - sent.GetValueOrDefault(server.Name);

    string? RegionOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        return address is null ? null : table.FirstOrDefault(t => t.Network.BaseAddress.AddressFamily == address.AddressFamily && t.Network.Contains(address)).Region;
    }
}

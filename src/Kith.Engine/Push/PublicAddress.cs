using System.Net;
using System.Net.Sockets;

namespace Kith.Engine.Push;

/// <summary>
/// Which addresses lie in the public internet. Users choose where pushes go: without this they could make the server speak to what only it can reach.
/// </summary>
public static class PublicAddress
{
    /// <summary>IANA's special-purpose registries, all that is not globally reachable, and multicast.</summary>
    static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Addresses that carry an IPv4 address, by which they are judged: NAT64, and the old IPv4-compatible ones.</summary>
    static readonly IPNetwork[] Carriers = [IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("::/96")];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return Is(address.MapToIPv4());
        if (Special.Any(network => network.Contains(address))) return false;
        return address.AddressFamily != AddressFamily.InterNetworkV6 || !Carriers.Any(network => network.Contains(address)) || Is(new IPAddress(address.GetAddressBytes()[12..]));
    }
}

using System.Text.Json;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Cluster.ZooKeeper;

/// <summary>What a process tells of itself. <paramref name="Load"/> is asked each time; the address is empty where it has no gateway.</summary>
public sealed record NodeAnnouncement(NodeId Node, string Address, string Region, int Capacity, Func<int> Load);

/// <summary>Announces this process and reads who else is live.</summary>
sealed class LiveNodes(ZooKeeperOptions options, NodeAnnouncement self, string instance) : IGatewayServers
{
    readonly string root = options.Root + "/nodes";
    volatile IReadOnlyList<GatewayServer> live = [];
    string announced = "";

    /// <summary>The gateways among them; the last known ones while ZooKeeper is away.</summary>
    public IReadOnlyList<GatewayServer> Live => live;

    /// <summary>False where another live process has this one's name.</summary>
    public bool Announce(ZooKeeperSession session)
    {
        var path = $"{root}/{self.Node}";
        var now = JsonSerializer.Serialize(new Entry(self.Address, self.Region, self.Capacity, self.Load(), instance), Wire.Options);
        var there = session.Get(path);
        if (there is null)
        {
            session.Ensure(root);
            if (!session.Create(path, now, ephemeral: true)) return false;
        }
        else if (Parse(there)?.Instance != instance)
        {
            return false;
        }
        else if (now != announced && !session.Set(path, now))
        {
            return false;
        }

        announced = now;
        return true;
    }

    public void Read(ZooKeeperSession session)
    {
        List<GatewayServer> read = [];
        foreach (var name in session.Children(root))
        {
            if (session.Get($"{root}/{name}") is { } text && Parse(text) is { Address.Length: > 0 } entry)
                read.Add(new GatewayServer(name, entry.Address, entry.Region, entry.Capacity, entry.Load));
        }

        live = read;
    }

    static Entry? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(text, Wire.Options);
        }
        catch (JsonException)
        {
            // Not ours: whoever wrote it is nobody to be recommended.
            return null;
        }
    }

    /// <param name="Instance">Tells a process from one of the same name before it.</param>
    sealed record Entry(string Address, string Region, int Capacity, int Load, string Instance);
}

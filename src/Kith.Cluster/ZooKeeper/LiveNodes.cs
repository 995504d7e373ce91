using System.Text.Json;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Cluster.ZooKeeper;

/// <summary>What a process tells of itself. <paramref name="Load"/> is asked each time; the address is empty where it has no gateway.</summary>
/// <param name="Schema">The newest schema of the database that its program knows.</param>
public sealed record NodeAnnouncement(NodeId Node, string Address, string Region, int Capacity, Func<int> Load, int Schema);

/// <summary>Announces this process and reads who else is live.</summary>
sealed class LiveNodes(ZooKeeperOptions options, NodeAnnouncement self, string instance) : IGatewayServers
{
    const string Folder = "/nodes";

    readonly string root = options.Root + Folder;
    volatile IReadOnlyList<GatewayServer> live = [];
    string announced = "";

    /// <summary>The gateways among them; the last known ones while ZooKeeper is away.</summary>
    public IReadOnlyList<GatewayServer> Live => live;

    /// <summary>False where another live process has this one's name.</summary>
    public bool Announce(ZooKeeperSession session)
    {
        var path = $"{root}/{self.Node}";
        var now = JsonSerializer.Serialize(new Entry(self.Address, self.Region, self.Capacity, self.Load(), instance, self.Schema), Wire.Options);
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

    public void Read(ZooKeeperSession session) => live =
    [
        .. Entries(session, root).Where(node => node.Entry is { Address.Length: > 0 })
            .Select(node => new GatewayServer(node.Name, node.Entry!.Address, node.Entry.Region, node.Entry.Capacity, node.Entry.Load)),
    ];

    /// <summary>Those that are live and know no schema as new as this one. One that tells nothing of it is of a version before there was anything to tell.</summary>
    public static IReadOnlyList<string> OlderThan(int schema, ZooKeeperSession session, ZooKeeperOptions options)
    {
        session.Ensure(options.Root + Folder);
        return [.. Entries(session, options.Root + Folder).Where(node => !(node.Entry?.Schema >= schema)).Select(node => node.Name).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<(string Name, Entry? Entry)> Entries(ZooKeeperSession session, string root)
    {
        foreach (var name in session.Children(root))
        {
            if (session.Get($"{root}/{name}") is { } text) yield return (name, Parse(text));
        }
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
    /// <param name="Schema">0 where the program is older than this field.</param>
    sealed record Entry(string Address, string Region, int Capacity, int Load, string Instance, int Schema = 0);
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Delivery;

/// <summary>
/// The delivery role: takes each event off the log and hands every node that hosts a recipient one copy. A session may move to a node that did not host anyone of the audience when the directory
/// was asked, and leave its old one before that has the event: so whoever began to host meanwhile is handed it as well, and drops what the session was told.
/// </summary>
/// <param name="recent">Where to ask the directory is a trip.</param>
public sealed partial class EventDelivery(ISessionDirectory directory, INodeInbox inbox, ILogger<EventDelivery> log, RecentHosts? recent = null) : IEventConsumer
{
    static readonly Meter Meter = new("Kith.Delivery");
    static readonly Counter<long> Events = Meter.CreateCounter<long>("kith.delivery.events", "{event}", "Events taken off the log, by name.");
    static readonly Counter<long> Copies = Meter.CreateCounter<long>("kith.delivery.copies", "{event}", "Copies handed to gateway nodes: one for each that hosts a recipient; by the event's name.");

    public async ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        using var step = Tracing.Continue("deliver", e.Trace, ActivityKind.Consumer);
        step?.SetTag("kith.event", e.Name);
        var copy = step is null ? e : e.In(step.Id);
        // The node of whoever joins is not among those that are known.
        if (recent is null || e.Effect is SessionEffect.Joined || !recent.TryGet(e.Audience, out var hosts)) hosts = await NodesAsync(e, ct);
        var copies = hosts.Nodes.Count;
        if (!await HandAsync(hosts, copy, ct)) copies += await HandToNewAsync(hosts.Nodes, copy, ct);
        step?.SetTag("kith.nodes", copies);
        var name = new KeyValuePair<string, object?>("event", e.Name);
        Events.Add(1, name);
        Copies.Add(copies, name);
        LogDelivered(e.Name, copies);
    }

    /// <summary>False where some node has begun to host somebody since the directory was asked.</summary>
    async ValueTask<bool> HandAsync(HostingNodes hosts, Event e, CancellationToken ct)
    {
        if (hosts.Nodes.Count == 1) return await inbox.SendAsync(hosts.Nodes[0], e, ct) == hosts.Version;
        var versions = await Task.WhenAll(hosts.Nodes.Select(node => inbox.SendAsync(node, e, ct).AsTask()));
        return Array.TrueForAll(versions, version => version == hosts.Version);
    }

    async ValueTask<int> HandToNewAsync(IReadOnlyList<NodeId> before, Event e, CancellationToken ct)
    {
        var handed = before.ToHashSet();
        HostingNodes hosts;
        do
        {
            hosts = await NodesAsync(e, ct);
            hosts = hosts with { Nodes = [.. hosts.Nodes.Where(handed.Add)] };
        }
        while (!await HandAsync(hosts, e, ct));
        return handed.Count - before.Count;
    }

    async ValueTask<HostingNodes> NodesAsync(Event e, CancellationToken ct)
    {
        var hosts = e.Audience switch
        {
            Audience.OfGuild guild => await directory.NodesOfGuildAsync(guild.Guild, ct),
            Audience.OfChannel channel => await directory.NodesOfGuildAsync(channel.Guild, ct),
            Audience.OfUsers users => await directory.NodesOfUsersAsync(users.Users, ct),
            Audience.OfWatchers => await directory.AllNodesAsync(ct),
            _ => throw new InvalidOperationException($"No way to deliver to {e.Audience}."),
        };
        recent?.Add(e.Audience, hosts);
        if (e is not { Effect: SessionEffect.Joined joined, Audience: not Audience.OfUsers }) return hosts;
        // The node of whoever joins may not host the guild yet.
        return hosts with { Nodes = [.. hosts.Nodes.Union((await directory.NodesOfUsersAsync([joined.User], ct)).Nodes)] };
    }

    [LoggerMessage(1100, LogLevel.Trace, "{Name} handed to {Nodes} nodes")]
    partial void LogDelivered(string name, int nodes);
}

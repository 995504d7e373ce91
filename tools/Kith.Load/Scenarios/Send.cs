using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>Many senders at once: how many messages are confirmed per second, and how fast.</summary>
/// <param name="Pairs">DMs, in each of which both write; used when above 0.</param>
/// <param name="Senders">Accounts that write into channels of servers, each with a connection of its own.</param>
/// <param name="Channels">Channels that the senders are divided among.</param>
/// <param name="Rate">Messages per second in all; 0 sends the next as soon as the last is confirmed.</param>
/// <param name="Offline">Nobody has a session: what storing alone costs. Nothing can be checked then.</param>
internal sealed record Send(int Pairs, int Senders, int Channels, double Rate, bool Offline = false) : Scenario
{
    public override string Name => (Pairs > 0 ? $"send, {Pairs} pairs in DMs" : $"send, {Senders} senders over {Channels} channels") + (Rate > 0 ? $", {Rate:N0}/s" : "") + (Offline ? ", nobody online" : "");

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var world = Pairs > 0 ? await BuildPairs(server, cancel) : await BuildChannels(server, cancel);
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, world.Accounts.Length, cancel);
        await using var progress = new Progress("send", fleet.Counters);
        if (!Offline) report.AddSessions(await fleet.Open(world.Sessions(), Pending, reconnects: false, cancel), world.Accounts.Length);

        var (traffic, interval) = await Drive.Traffic(fleet, server, Plan(world), cancel);
        report.AddTraffic(traffic);
        interval.Report(report, server.Probe.Watching);
        report.Add("load's CPU per message, receipts included", traffic.CpuSeconds / Math.Max(1, traffic.Acknowledged) * 1e6, "µs");
        report.AddLatency("POST to reply", traffic.Latency(OperationKind.Send));
        report.Series["POST to reply"] = traffic.SendSeries;
        if (Offline) return report;
        var check = await Drive.Check(fleet, traffic.Tallies, cancel);
        report.AddLatency("POST to receipt", check.Latency);
        report.AddCheck(check);
        report.Series["POST to receipt"] = check.Series;
        return report;
    }

    TrafficPlan Plan(World world)
    {
        var span = Span.FromNow(WarmUp, Duration);
        Lane[] lanes = [.. world.Channels.SelectMany((channel, i) => channel.Members.Select(member => new Lane(member, i)))];
        return Rate > 0
            ? new PacedPlan(lanes, Rate) { Tokens = world.Tokens, Connections = Math.Min(lanes.Length, 64), From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes }
            : new ClosedLoopPlan(lanes) { Tokens = world.Tokens, Connections = lanes.Length, From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes };
    }

    async Task<World> BuildPairs(TargetServer server, CancellationToken cancel)
    {
        var accounts = await server.Worlds.CreateAccounts(Pairs * 2, cancel);
        return new(accounts, await server.Worlds.CreateConversations(accounts, [.. Enumerable.Range(0, Pairs).Select(i => new[] { 2 * i, (2 * i) + 1 })], cancel));
    }

    async Task<World> BuildChannels(TargetServer server, CancellationToken cancel)
    {
        var accounts = await server.Worlds.CreateAccounts(Senders, cancel);
        var members = Enumerable.Range(0, Senders).GroupBy(sender => sender % Channels).Select(group => group.ToArray()).ToArray();
        return new(accounts, await server.Worlds.CreateServers(accounts, members, cancel));
    }
}

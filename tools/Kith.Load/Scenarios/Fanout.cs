using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>One server, all its members online, messages in one channel.</summary>
/// <param name="Rate">Messages per second; 0 uses <paramref name="Window"/> instead.</param>
/// <param name="Window">Messages under way to members at once.</param>
/// <param name="Senders">Members that take turns.</param>
internal sealed record Fanout(int Members, double Rate, int Window, int Senders) : Scenario
{
    public override string Name => Rate > 0 ? $"fanout of {Rate:0.#}/s to {Members:N0}" : $"fanout to {Members:N0}, {Window} under way";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var accounts = await server.Worlds.CreateAccounts(Members, cancel);
        var world = new World(accounts, await server.Worlds.CreateServers(accounts, [[.. Enumerable.Range(0, Members)]], cancel));
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, Members, cancel);
        await using var progress = new Progress("fanout", fleet.Counters);
        var opened = await fleet.Open(world.Sessions(), Pending, reconnects: false, cancel);
        report.AddSessions(opened, Members);
        await Task.Delay(Settle, cancel);
        var idle = server.Probe.Sample();

        var (traffic, interval) = await Drive.Traffic(fleet, server, Plan(world, opened.Ready), cancel);
        var check = await Drive.Check(fleet, traffic.Tallies, cancel);
        report.AddTraffic(traffic);
        interval.Report(report, server.Probe.Watching);
        report.AddLatency("POST to receipt", check.Latency);
        report.AddLatency("POST to reply", traffic.Latency(OperationKind.Send));
        report.AddCheck(check);
        report.Series["POST to receipt"] = check.Series;
        await Memory.AfterTraffic(report, server, idle, Settle, cancel);
        return report;
    }

    TrafficPlan Plan(World world, int receivers)
    {
        var span = Span.FromNow(WarmUp, Duration);
        Lane[] lanes = [.. Enumerable.Range(0, Math.Min(Senders, Members)).Select(sender => new Lane(sender, 0))];
        return Rate > 0
            ? new PacedPlan(lanes, Rate) { Tokens = world.Tokens[..lanes.Length], Connections = Math.Max(lanes.Length, 16), From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes }
            : new WindowPlan(lanes, Window, receivers) { Tokens = world.Tokens[..lanes.Length], Connections = Math.Max(1, Math.Min(lanes.Length, Window)), From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes };
    }
}

using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>One server, and a share of its members who stop reading without closing: the others must not notice, and memory must stay bounded.</summary>
/// <param name="Share">Of the members, from 0 to 1.</param>
/// <param name="Rate">Messages per second.</param>
internal sealed record Slow(int Members, double Share, double Rate) : Scenario
{
    public override string Name => $"slow: {Share:P0} of {Members:N0} stop reading at {Rate:0.#}/s";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var accounts = await server.Worlds.CreateAccounts(Members, cancel);
        var world = new World(accounts, await server.Worlds.CreateServers(accounts, [[.. Enumerable.Range(0, Members)]], cancel));
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, Members, cancel);
        await using var progress = new Progress("slow", fleet.Counters);
        report.AddSessions(await fleet.Open(world.Sessions(slow: (int)(Members * Share)), Pending, reconnects: true, cancel), Members);

        var (first, _) = await Drive.Traffic(fleet, server, Plan(world), cancel);
        var before = await Drive.Check(fleet, first.Tallies, cancel);
        var calm = server.Probe.Sample();
        await fleet.Stall(stalled: true, cancel);
        var (second, interval) = await Drive.Traffic(fleet, server, Plan(world), cancel);
        var sent = Drive.Sum(first.Tallies, second.Tallies);
        var others = await Drive.Check(fleet, sent, cancel);
        var stalled = server.Probe.Sample();
        await fleet.Stall(stalled: false, cancel);
        await Task.Delay(Settle, cancel);
        var all = await Drive.Check(fleet, sent, cancel);

        report.AddTraffic(second);
        interval.Report(report, server.Probe.Watching);
        report.AddLatency("before, POST to receipt", before.Latency);
        report.AddLatency("others meanwhile, POST to receipt", others.Latency);
        report.Add("others' p99 over before", (double)others.Latency.Percentile(0.99) / Math.Max(1, before.Latency.Percentile(0.99)), "×");
        report.Series["others, POST to receipt"] = others.Series;
        if (server.Probe.Watching)
        {
            report.Add("RSS before", calm.Rss / 1024.0, "MB");
            report.Add("RSS meanwhile", stalled.Rss / 1024.0, "MB");
            report.Add("RSS after", server.Probe.Sample().Rss / 1024.0, "MB");
        }

        if (!others.Clean) report.Failures.Add($"of the others' messages {others.Lost} were lost");
        report.AddCheck(all);
        return report;
    }

    PacedPlan Plan(World world)
    {
        var span = Span.FromNow(WarmUp, Duration);
        Lane[] lanes = [.. Enumerable.Range(0, Math.Min(10, Members)).Select(sender => new Lane(sender, 0))];
        return new(lanes, Rate) { Tokens = world.Tokens[..lanes.Length], Connections = 16, From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes };
    }
}

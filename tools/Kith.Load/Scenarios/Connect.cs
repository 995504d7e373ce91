using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>Sessions that are opened and held: what one costs the server, idle and after a burst of traffic.</summary>
/// <param name="Sessions">How many.</param>
/// <param name="ServersEach">Servers that each account is a member of.</param>
/// <param name="ServerSize">Members of each server.</param>
/// <param name="Hold">How long they are held idle, with heartbeats, before the burst.</param>
/// <param name="BurstRate">Messages per second of the burst, over all servers in turn; 0 leaves it out.</param>
internal sealed record Connect(int Sessions, int ServersEach, int ServerSize, TimeSpan Hold, double BurstRate) : Scenario
{
    public override string Name => $"connect {Sessions:N0} in {ServersEach} servers each";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var world = await Build(server, cancel);
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, Sessions, cancel);
        await using var progress = new Progress("connect", fleet.Counters);
        var specs = world.Sessions();
        var tenth = Math.Max(1, Sessions / 10);

        var few = await OpenAndSample(fleet, server, specs[..tenth], cancel);
        var all = await OpenAndSample(fleet, server, specs[tenth..], cancel);
        report.AddSessions(all.Opened, Sessions - tenth);
        ReportSlope(report, server, few, all, Sessions - tenth);

        await Task.Delay(Hold, cancel);
        var idle = server.Probe.Sample();
        if (Hold > TimeSpan.Zero && server.Probe.Watching) report.Add("RSS grown while held", (idle.Rss - all.Server.Rss) / 1024.0, "MB");
        var expected = new Tally[world.Channels.Length];
        if (BurstRate > 0) expected = await Burst(report, fleet, server, world, idle, cancel);
        report.AddCheck(await Drive.Check(fleet, expected, cancel));
        return report;
    }

    /// <summary>Account i is in the servers i, i + 1, … so that neighbours share most and all servers are of one size.</summary>
    async Task<World> Build(TargetServer server, CancellationToken cancel)
    {
        var accounts = await server.Worlds.CreateAccounts(Sessions, cancel);
        var servers = Math.Max(ServersEach, Sessions * ServersEach / ServerSize);
        var members = Enumerable.Range(0, servers).Select(_ => new List<int>()).ToArray();
        for (var account = 0; account < Sessions; account++)
        {
            var first = (long)account * servers / Sessions;
            for (var i = 0; i < ServersEach; i++) members[(first + i) % servers].Add(account);
        }

        return new(accounts, await server.Worlds.CreateServers(accounts, [.. members.Select(all => all.ToArray())], cancel));
    }

    async Task<(SessionsResult Opened, ServerSample Server, KernelSample Kernel)> OpenAndSample(
        Fleet fleet, TargetServer server, Sessions.SessionSpec[] specs, CancellationToken cancel)
    {
        var opened = await fleet.Open(specs, Pending, reconnects: false, cancel);
        await Task.Delay(Settle, cancel);
        return (opened, server.Probe.Sample(), KernelSample.Read());
    }

    static void ReportSlope(
        RunReport report, TargetServer server, (SessionsResult Opened, ServerSample Server, KernelSample Kernel) few, (SessionsResult Opened, ServerSample Server, KernelSample Kernel) all, int more)
    {
        if (server.Probe.Watching)
        {
            report.Add("RSS per session", (double)(all.Server.Rss - few.Server.Rss) / more, "KB");
            report.Add("anonymous RSS per session", (double)(all.Server.Anonymous - few.Server.Anonymous) / more, "KB");
            report.Add("PSS per session", (double)(all.Server.Pss - few.Server.Pss) / more, "KB");
            report.Add("CPU per connect", (all.Server.CpuSeconds - few.Server.CpuSeconds) / more * 1e6, "µs");
        }

        report.Add("load's RSS per session", (double)(all.Opened.OwnRss - few.Opened.OwnRss) / more, "KB");
        report.Add("kernel slab per connection, both ends", (double)(all.Kernel.Slab - few.Kernel.Slab) / more, "KB");
        report.Add("kernel buffers per connection, both ends", (double)(all.Kernel.Buffers - few.Kernel.Buffers) / more, "KB");
    }

    async Task<Tally[]> Burst(RunReport report, Fleet fleet, TargetServer server, World world, ServerSample idle, CancellationToken cancel)
    {
        var span = Span.FromNow(WarmUp, Duration);
        Lane[] lanes = [.. world.Channels.Select((channel, i) => new Lane(channel.Members[0], i))];
        var plan = new PacedPlan(lanes, BurstRate) { Tokens = world.Tokens, Connections = 32, From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes };
        var (traffic, interval) = await Drive.Traffic(fleet, server, plan, cancel);
        report.AddTraffic(traffic);
        interval.Report(report, server.Probe.Watching);
        var check = await Drive.Check(fleet, traffic.Tallies, cancel);
        report.AddLatency("POST to receipt", check.Latency);
        report.Series["POST to receipt"] = check.Series;
        await Memory.AfterTraffic(report, server, idle, Settle, cancel);
        return traffic.Tallies;
    }
}

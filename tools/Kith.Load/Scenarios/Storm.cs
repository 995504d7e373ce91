using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>
/// Sessions that lose their connections all at once and all come back, while others talk. What was said to those who were away must reach them
/// after their RESUME.
/// </summary>
/// <param name="Sessions">Sessions that are cut.</param>
/// <param name="ServerSize">Members of each of their servers; each account is in one.</param>
/// <param name="Bystanders">Members of another server, who are not cut.</param>
/// <param name="Rate">Messages per second among the bystanders.</param>
/// <param name="MissedRate">Messages per second in the servers of those who are cut, all together.</param>
/// <param name="Resume">They come back by RESUME, else by IDENTIFY.</param>
internal sealed record Storm(int Sessions, int ServerSize, int Bystanders, double Rate, double MissedRate, bool Resume) : Scenario
{
    public override string Name => $"storm of {Sessions:N0} by {(Resume ? "RESUME" : "IDENTIFY")}";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var world = await Build(server, cancel);
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, Sessions, cancel, apart: true);
        await using var progress = new Progress("storm", fleet.Counters);
        var specs = world.Sessions();
        await fleet.OpenApart(specs[..Bystanders], Pending, cancel);
        report.AddSessions(await fleet.Open(specs[Bystanders..], Pending, reconnects: true, cancel), Sessions);
        await Task.Delay(Settle, cancel);

        var (quiet, _) = await Drive.Traffic(fleet, server, Plan(world, WarmUp), cancel, channels: 1);
        var calm = await Drive.Check(fleet, quiet.Tallies, cancel);
        report.AddLatency("others before, POST to receipt", calm.Latency);

        var plan = Plan(world, TimeSpan.Zero);
        var cutting = CutAt(plan.Warm, fleet, cancel);
        var (traffic, interval) = await Drive.Traffic(fleet, server, plan, cancel, channels: 1);
        var back = await cutting;
        var check = await Drive.Check(fleet, Drive.Sum(quiet.Tallies, traffic.Tallies), cancel);
        Report(report, back, check, interval);
        report.AddTraffic(traffic);
        report.AddCheck(check);
        return report;
    }

    async Task<SessionsResult> CutAt(long moment, Fleet fleet, CancellationToken cancel)
    {
        await Drive.Until(moment, cancel);
        return await fleet.Cut(Resume, cancel);
    }

    void Report(RunReport report, SessionsResult back, CheckTotals check, Interval interval)
    {
        report.Add("all back after", back.Seconds, "s");
        report.Add("came back", back.TimeToReady.Count / Math.Max(0.001, back.Seconds), "/s");
        report.Add("back p50", back.TimeToReady.Percentile(0.5) / 1e6, "s");
        report.Add("back p99", back.TimeToReady.Percentile(0.99) / 1e6, "s");
        report.Add("server CPU", interval.CpuSeconds / interval.Seconds * 100, "%");
        if (back.GivenUp > 0) report.Failures.Add($"{back.GivenUp} sessions did not come back");
        var during = check.Series.Seconds.Take((int)Math.Ceiling(back.Seconds)).Aggregate(new Histogram(), Totals.Plus);
        report.AddLatency("others meanwhile, POST to receipt", during);
        report.Series["others, POST to receipt"] = check.Series;
    }

    PacedPlan Plan(World world, TimeSpan warmUp)
    {
        var span = Span.FromNow(warmUp, Duration);
        // Lanes are taken in turn: the two rates become shares of one list.
        var missed = Math.Max(1, (int)Math.Round(Rate / Math.Max(0.001, MissedRate)));
        List<Lane> lanes = [];
        for (var i = 0; lanes.Count < 10_000 && i < world.Channels.Length - 1; i++)
        {
            for (var sender = 0; sender < missed; sender++) lanes.Add(new((i + sender) % Bystanders, 0));
            if (MissedRate > 0) lanes.Add(new(world.Channels[i + 1].Members[0], i + 1));
        }

        return new([.. lanes], Rate + MissedRate) { Tokens = world.Tokens, Connections = 32, From = span.From, Warm = span.Warm, Until = span.Until, TextBytes = TextBytes };
    }

    async Task<World> Build(TargetServer server, CancellationToken cancel)
    {
        var accounts = await server.Worlds.CreateAccounts(Bystanders + Sessions, cancel);
        var members = Enumerable.Range(Bystanders, Sessions).Chunk(ServerSize).Prepend([.. Enumerable.Range(0, Bystanders)]).ToArray();
        return new(accounts, await server.Worlds.CreateServers(accounts, members, cancel));
    }
}

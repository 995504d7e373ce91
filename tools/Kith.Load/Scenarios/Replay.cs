using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>Real logs said again: each day a server, each nick an account with a session, who is a member where he spoke.</summary>
/// <param name="Folder">Of the logs.</param>
/// <param name="Days">How many of its files.</param>
/// <param name="Speed">Times the real one.</param>
internal sealed record Replay(string Folder, int Days, double Speed) : Scenario
{
    public override string Name => $"replay of {Days} days at {Speed:0.#} times their speed";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var history = IrcHistory.Read(Folder, Days);
        var accounts = await server.Worlds.CreateAccounts(history.Nicks, cancel);
        var world = new World(accounts, await server.Worlds.CreateServers(accounts, history.Speakers, cancel));
        await using var fleet = await Fleet.Start(server.Target, world.ChannelIds, accounts.Length, cancel);
        await using var progress = new Progress("replay", fleet.Counters);
        report.AddSessions(await fleet.Open(world.Sessions(), Pending, reconnects: false, cancel), accounts.Length);
        await Task.Delay(Settle, cancel);
        var idle = server.Probe.Sample();

        var (traffic, interval) = await Drive.Traffic(fleet, server, Plan(world, history), cancel);
        var check = await Drive.Check(fleet, traffic.Tallies, cancel);
        report.AddTraffic(traffic);
        interval.Report(report, server.Probe.Watching);
        report.AddLatency("POST to receipt", check.Latency);
        report.AddLatency("POST to reply", traffic.Latency(OperationKind.Send));
        report.AddCheck(check);
        report.Series["POST to receipt"] = check.Series;
        report.Series["POST to reply"] = traffic.SendSeries;
        await Memory.AfterTraffic(report, server, idle, Settle, cancel);
        return report;
    }

    ReplayPlan Plan(World world, IrcHistory history)
    {
        var seconds = history.Lines[^1].Second - history.Lines[0].Second + 1;
        var span = Span.FromNow(TimeSpan.Zero, TimeSpan.FromSeconds(seconds / Speed));
        return new(Path.GetFullPath(Folder), Days, Speed)
        {
            Tokens = world.Tokens,
            Ids = [.. world.Accounts.Select(account => account.Id)],
            Connections = 64,
            From = span.From,
            Warm = span.From + (long)WarmUp.TotalMicroseconds,
            Until = span.Until,
        };
    }
}

using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>Work that every kind of server is given in turn.</summary>
/// <param name="Name">What --work calls it.</param>
/// <param name="For">The scenario, which may differ in what one kind cannot do.</param>
/// <param name="Coalesce">The raw baseline sends what waits in one write.</param>
/// <param name="Measures">What is compared.</param>
internal sealed record Work(string Name, Func<TargetKind, Scenario> For, bool Coalesce, string[] Measures);

/// <summary>
/// Runs the same work on each kind of server, round by round, each time on a fresh process, so that what changes on the machine meanwhile meets all of
/// them. The order turns with the round. Ratios are taken within a round.
/// </summary>
internal sealed class Comparison(Programs programs, TargetKind[] kinds, int sweepers, Func<RunReport, Task> onReport)
{
    public async Task<List<RunReport>[]> Run(Work work, int rounds, CancellationToken cancel)
    {
        var byRound = Enumerable.Range(0, rounds).Select(_ => new List<RunReport>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < kinds.Length; turn++)
            {
                var kind = kinds[(round + turn) % kinds.Length];
                await Console.Error.WriteLineAsync($"{work.Name}, round {round + 1} of {rounds}: {kind}".AsMemory(), cancel);
                await using var started = await StartedServer.Start(programs, kind, work.Coalesce, sweepers, cancel);
                var report = await work.For(kind).Run(started.Server, cancel);
                byRound[round].Add(report);
                await onReport(report);
            }
        }

        return byRound;
    }

    /// <summary>The first kind's figures divided by each other kind's.</summary>
    public static IEnumerable<Ratio> Ratios(Work work, TargetKind[] kinds, List<RunReport>[] byRound) =>
        from measure in work.Measures
        from other in kinds.Skip(1)
        let ratios = byRound.Select(round => Of(round, kinds[0], measure) / Of(round, other, measure)).Where(ratio => ratio is { } value && double.IsFinite(value)).Select(ratio => ratio!.Value).Order().ToArray()
        where ratios.Length > 0
        select new Ratio(work.Name, measure, other.ToString(), Median(ratios), ratios[0], ratios[^1], ratios.Length);

    public static double Median(double[] ordered) =>
        ordered.Length == 0 ? double.NaN : ordered.Length % 2 == 1 ? ordered[ordered.Length / 2] : (ordered[(ordered.Length / 2) - 1] + ordered[ordered.Length / 2]) / 2;

    public static double? Of(List<RunReport> round, TargetKind kind, string measure) => round.FirstOrDefault(report => report.Kind == kind)?.Value(measure);
}

/// <summary>The works of <c>compare</c>, sized for one machine whose cores the load shares.</summary>
internal static class Works
{
    /// <param name="scale">1 for the real sizes; less to try the comparison out.</param>
    /// <param name="shape">Durations and the like, the same for all.</param>
    public static Work[] All(double scale, Func<Scenario, Scenario> shape)
    {
        int Scaled(int size) => Math.Max(10, (int)(size * scale));
        return
        [
            new("connect", kind => shape(new Connect(Scaled(19_000), kind == TargetKind.Raw ? 1 : 5, 1000, TimeSpan.Zero, 20)), false,
                ["RSS per session", "anonymous RSS per session", "CPU per connect", "connects", "time to READY p99", "RSS after over before"]),
            new("fanout-large", _ => shape(new Fanout(Scaled(18_500), 0, 1, 10)), false,
                ["deliveries", "server CPU per million deliveries", "POST to receipt p50", "POST to receipt p99"]),
            new("fanout-sustained", _ => shape(new Fanout(Scaled(1000), 0, 32, 10)), true,
                ["deliveries", "server CPU per million deliveries", "POST to receipt p50", "POST to receipt p99"]),
            new("send-pairs", _ => shape(new Send(Scaled(100), 0, 0, 0)), false, ["acknowledged", "server CPU per thousand messages", "POST to reply p50", "POST to reply p99"]),
            new("send-channels", _ => shape(new Send(0, Scaled(256), Scaled(32), 0)), false, ["acknowledged", "server CPU per thousand messages", "POST to reply p50", "POST to reply p99"]),
            new("paced", _ => shape(new Send(Scaled(100), 0, 0, 580 * Math.Min(1, scale * 10))), false, ["POST to receipt p50", "POST to receipt p99", "POST to reply p50", "POST to reply p99"]),
        ];
    }
}

using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>When traffic runs, microseconds of <see cref="Clock"/>.</summary>
/// <param name="Warm">Measured from here.</param>
internal readonly record struct Span(long From, long Warm, long Until)
{
    public static Span FromNow(TimeSpan warmUp, TimeSpan duration)
    {
        var from = Clock.Now + (Clock.Second / 2);
        var warm = from + (long)warmUp.TotalMicroseconds;
        return new(from, warm, warm + (long)duration.TotalMicroseconds);
    }
}

/// <summary>Deliveries and the server's use of the machine, taken at the same instant at both ends of the measured span.</summary>
internal sealed record Interval(ServerSample Before, ServerSample After, long Delivered, long Acknowledged)
{
    public double Seconds => (After.At - Before.At) / (double)Clock.Second;

    public double CpuSeconds => After.CpuSeconds - Before.CpuSeconds;

    public void Report(RunReport report, bool watching)
    {
        report.Add("deliveries", Delivered / Seconds, "/s");
        report.Add("acknowledged", Acknowledged / Seconds, "/s");
        if (!watching) return;
        report.Add("server CPU", CpuSeconds / Seconds * 100, "%");
        if (Delivered > 0) report.Add("server CPU per million deliveries", CpuSeconds / Delivered * 1e6, "s");
        if (Acknowledged > 0) report.Add("server CPU per thousand messages", CpuSeconds / Acknowledged * 1e3, "s");
    }
}

/// <summary>Steps that scenarios share.</summary>
internal static class Drive
{
    /// <summary>How long nothing may arrive before what is missing counts as lost.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Sends by a plan, and samples at both ends of its measured span.</summary>
    /// <param name="channels">How many channels, from the first, are measured; all by default.</param>
    public static async Task<(TrafficTotals Traffic, Interval Interval)> Traffic(
        Fleet fleet, TargetServer server, TrafficPlan plan, CancellationToken cancel, int channels = int.MaxValue)
    {
        await fleet.Measure(plan.Warm, plan.Until, channels, cancel);
        var sending = fleet.Send(plan, cancel);
        var (before, deliveredBefore, acknowledgedBefore) = await SampleAt(plan.Warm, fleet, server, cancel);
        var (after, deliveredAfter, acknowledgedAfter) = await SampleAt(plan.Until, fleet, server, cancel);
        return (await sending, new(before, after, deliveredAfter - deliveredBefore, acknowledgedAfter - acknowledgedBefore));
    }

    public static Task<CheckTotals> Check(Fleet fleet, Tally[] expected, CancellationToken cancel) => fleet.Check(expected, s_patience, cancel);

    public static Tally[] Sum(Tally[] first, Tally[] second)
    {
        for (var i = 0; i < first.Length; i++) first[i].Add(second[i]);
        return first;
    }

    public static Task Until(long moment, CancellationToken cancel) => Task.Delay(Clock.Span(Math.Max(0, moment - Clock.Now)), cancel);

    static async Task<(ServerSample Server, long Delivered, long Acknowledged)> SampleAt(long moment, Fleet fleet, TargetServer server, CancellationToken cancel)
    {
        await Until(moment, cancel);
        return (server.Probe.Sample(), fleet.Counters.Sum(Counter.Delivered), fleet.Counters.Sum(Counter.Acknowledged));
    }
}

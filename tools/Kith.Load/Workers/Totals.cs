using Kith.Load.Measures;
using Kith.Load.Traffic;

namespace Kith.Load.Workers;

/// <summary>What became of sessions that were to open, or to come back, in all workers.</summary>
/// <param name="Seconds">Until the last one was settled.</param>
internal sealed record SessionsResult(int Ready, int GivenUp, double Seconds, Histogram TimeToReady, long InvalidSessions, Dictionary<string, long> Losses)
{
    /// <summary>KB in memory of all workers.</summary>
    public long OwnRss { get; private init; }

    public static SessionsResult Join(SessionsReport[] parts) => new(
        parts.Sum(part => part.Ready),
        parts.Sum(part => part.GivenUp),
        parts.Max(part => part.Seconds),
        parts.Select(part => Histogram.Unpack(part.TimeToReady)).Aggregate(new Histogram(), Totals.Plus),
        parts.Sum(part => part.InvalidSessions),
        Totals.Merge(parts.Select(part => part.Losses)))
    {
        OwnRss = parts.Sum(part => part.OwnRss),
    };
}

internal sealed class TrafficTotals(TrafficReport report)
{
    public Tally[] Tallies => report.Tallies;

    public long Acknowledged => report.Tallies.Sum(tally => tally.Messages);

    public Dictionary<string, long> Errors => report.Errors;

    public long Throttled => report.Throttled;

    public long Retried => report.Retried;

    /// <summary>CPU of the sending process meanwhile.</summary>
    public double CpuSeconds => report.CpuSeconds;

    public LatencySeries SendSeries { get; } = LatencySeries.Unpack(report.SendSeries);

    public Histogram Latency(OperationKind kind) => Histogram.Unpack(report.Latency[(int)kind]);
}

/// <summary>What the receivers found.</summary>
internal sealed class CheckTotals(CheckReport[] parts)
{
    public int Checked => parts.Sum(part => part.Checked);

    public int Excused => parts.Sum(part => part.Excused);

    public long Lost => parts.Sum(part => part.Lost);

    public long Repeats => parts.Sum(part => part.Repeats) + parts.Sum(part => part.Surplus);

    public long Disorders => parts.Sum(part => part.Disorders) + parts.Sum(part => part.SequenceBreaks);

    public long Strays => parts.Sum(part => part.Strays);

    public long InvalidSessions => parts.Sum(part => part.InvalidSessions);

    public long OtherEvents => parts.Sum(part => part.OtherEvents);

    public long OtherBytes => parts.Sum(part => part.OtherBytes);

    public long Received => parts.Sum(part => part.Received);

    public double BytesPerMessage => Received == 0 ? 0 : (double)parts.Sum(part => part.MessageBytes) / Received;

    public Dictionary<string, long> Losses => Totals.Merge(parts.Select(part => part.Losses));

    public Histogram Latency { get; } = parts.Select(part => Histogram.Unpack(part.Latency)).Aggregate(new Histogram(), Totals.Plus);

    public LatencySeries Series { get; } = parts.Select(part => LatencySeries.Unpack(part.Series)).Aggregate(new LatencySeries(), Plus);

    /// <summary>Nothing lost, nothing twice, nothing out of order, nothing where it should not be.</summary>
    public bool Clean => Lost + Repeats + Disorders + Strays == 0;

    static LatencySeries Plus(LatencySeries sum, LatencySeries part)
    {
        sum.Add(part);
        return sum;
    }
}

internal static class Totals
{
    public static Histogram Plus(Histogram sum, Histogram part)
    {
        sum.Add(part);
        return sum;
    }

    public static Dictionary<string, long> Merge(IEnumerable<Dictionary<string, int>> parts) =>
        parts.SelectMany(part => part).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(pair => (long)pair.Value), StringComparer.Ordinal);
}

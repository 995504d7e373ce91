using Kith.Load.Measures;

namespace Kith.Load.Traffic;

/// <summary>What a traffic loop did.</summary>
internal sealed class TrafficResult(int channels)
{
    readonly Histogram[] _latency = [.. Enum.GetValues<OperationKind>().Select(_ => new Histogram())];

    /// <summary>The messages that the server confirmed, by channel: what every member must have received.</summary>
    public Tally[] Tallies { get; } = new Tally[channels];

    public LatencySeries SendSeries { get; } = new();

    public Dictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public long Throttled { get; set; }

    public long Retried { get; set; }

    public Histogram Latency(OperationKind kind) => _latency[(int)kind];

    public void Record(OperationKind kind, long since, long latency)
    {
        _latency[(int)kind].Record(latency);
        if (kind == OperationKind.Send) SendSeries.Record(since, latency);
    }

    public void Fail(string reason, long count) => Errors[reason] = Errors.GetValueOrDefault(reason) + count;
}

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Kith.Server.Metrics;

enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one metric. Whoever records holds its lock for a dictionary's lookup at most.</summary>
sealed class MetricFamily(Instrument instrument, MetricKind kind)
{
    /// <summary>Seconds, for durations: what else there might be is within as well.</summary>
    static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    readonly Lock gate = new();
    readonly SortedDictionary<string, Series> series = new(StringComparer.Ordinal);
    readonly string name = NameOf(instrument, kind);

    public bool IsObserved { get; } = instrument.IsObservable;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.Length == 0 ? "" : LabelsOf(tags);
        lock (gate)
        {
            if (!series.TryGetValue(labels, out var one)) series[labels] = one = new Series(kind == MetricKind.Histogram ? new long[Bounds.Length] : []);
            one.Sum += value;
            one.Count++;
            for (var i = one.Buckets.Length - 1; i >= 0 && value <= Bounds[i]; i--)
                one.Buckets[i]++;
        }
    }

    /// <summary>What is asked for anew each time begins anew.</summary>
    public void Clear()
    {
        lock (gate) series.Clear();
    }

    public void Write(StringBuilder to)
    {
        to.Append("# HELP ").Append(name).Append(' ').Append(Escape(instrument.Description ?? "").Replace("\\\"", "\"", StringComparison.Ordinal)).Append('\n');
        to.Append("# TYPE ").Append(name).Append(' ').Append(kind.ToString().ToLowerInvariant()).Append('\n');
        lock (gate)
        {
            foreach (var (labels, one) in series)
            {
                if (kind == MetricKind.Histogram) WriteHistogram(to, labels, one);
                else Line(to, "", labels, one.Sum);
            }
        }
    }

    void WriteHistogram(StringBuilder to, string labels, Series one)
    {
        var before = labels.Length == 0 ? "" : labels + ",";
        for (var i = 0; i < Bounds.Length; i++)
            Line(to, "_bucket", $"{before}le=\"{Bounds[i].ToString(CultureInfo.InvariantCulture)}\"", one.Buckets[i]);
        Line(to, "_bucket", before + "le=\"+Inf\"", one.Count);
        Line(to, "_sum", labels, one.Sum);
        Line(to, "_count", labels, one.Count);
    }

    void Line(StringBuilder to, string suffix, string labels, double value)
    {
        to.Append(name).Append(suffix);
        if (labels.Length > 0) to.Append('{').Append(labels).Append('}');
        to.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>As OpenTelemetry writes it: words by underscores, the unit, and _total for what only grows. Units in braces are remarks.</summary>
    static string NameOf(Instrument instrument, MetricKind kind)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return instrument.Name.Replace('.', '_') + unit + (kind == MetricKind.Counter ? "_total" : "");
    }

    static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var to = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (to.Length > 0) to.Append(',');
            to.Append(key.Replace('.', '_')).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return to.ToString();
    }

    static string Escape(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    sealed class Series(long[] buckets)
    {
        /// <summary>Of values at or below each bound.</summary>
        public long[] Buckets => buckets;

        public double Sum { get; set; }

        public long Count { get; set; }
    }
}

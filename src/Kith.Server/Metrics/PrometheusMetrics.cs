using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Kith.Server.Metrics;

/// <summary>
/// Everything that the meters of Kith count, in Prometheus' text format, version 0.0.4. Written here over <see cref="MeterListener"/>, since no exporter's package is to be had everywhere.
/// </summary>
sealed class PrometheusMetrics : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    readonly MeterListener listener = new();
    readonly Lock reading = new();

    public PrometheusMetrics()
    {
        listener.InstrumentPublished = (instrument, by) =>
        {
            if (!instrument.Meter.Name.StartsWith("Kith.", StringComparison.Ordinal)) return;
            by.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument.Name, _ => new MetricFamily(instrument, KindOf(instrument))));
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        listener.Start();
    }

    public string Write()
    {
        var text = new StringBuilder();
        lock (reading)
        {
            foreach (var family in families.Values.Where(f => f.IsObserved))
                family.Clear();
            listener.RecordObservableInstruments();
            foreach (var (_, family) in families.OrderBy(f => f.Key, StringComparer.Ordinal))
                family.Write(text);
        }

        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    static MetricKind KindOf(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Histogram<>)) return MetricKind.Histogram;
        return kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }
}

using Kith.Load.Measures;
using Kith.Load.Workers;

namespace Kith.Load.Reports;

/// <param name="Name">The same in every run of the scenario, so that runs can be compared.</param>
internal sealed record Measure(string Name, double Value, string Unit);

/// <summary>The outcome of a scenario.</summary>
internal sealed class RunReport(string scenario, TargetKind kind)
{
    readonly List<Measure> _measures = [];

    public string Scenario => scenario;

    public TargetKind Kind => kind;

    public IReadOnlyList<Measure> Measures => _measures;

    /// <summary>Why the run fails; empty when nothing was lost, repeated or out of order.</summary>
    public List<string> Failures { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Latency over time, by what it is of.</summary>
    public Dictionary<string, LatencySeries> Series { get; } = new(StringComparer.Ordinal);

    public double? Value(string name) => _measures.FirstOrDefault(measure => measure.Name == name)?.Value;

    public void Add(string name, double value, string unit) => _measures.Add(new(name, value, unit));

    public void AddLatency(string name, Histogram latency)
    {
        if (latency.Count == 0) return;
        Add(name + " p50", latency.Percentile(0.50) / 1000.0, "ms");
        Add(name + " p95", latency.Percentile(0.95) / 1000.0, "ms");
        Add(name + " p99", latency.Percentile(0.99) / 1000.0, "ms");
        Add(name + " p99.9", latency.Percentile(0.999) / 1000.0, "ms");
        Add(name + " highest", latency.Highest / 1000.0, "ms");
    }

    public void AddSessions(SessionsResult sessions, int wanted)
    {
        Add("sessions", sessions.Ready, "");
        Add("connects", wanted / Math.Max(0.001, sessions.Seconds), "/s");
        Add("time to READY p50", sessions.TimeToReady.Percentile(0.5) / 1000.0, "ms");
        Add("time to READY p99", sessions.TimeToReady.Percentile(0.99) / 1000.0, "ms");
        if (sessions.GivenUp > 0) Failures.Add($"{sessions.GivenUp} sessions did not become ready");
        AddLosses(sessions.Losses);
    }

    public void AddTraffic(TrafficTotals traffic)
    {
        Add("messages", traffic.Acknowledged, "");
        Add("throttled", traffic.Throttled, "");
        Add("retried", traffic.Retried, "");
        foreach (var (reason, count) in traffic.Errors) Failures.Add($"{count} requests failed: {reason}");
    }

    public void AddCheck(CheckTotals check)
    {
        Add("sessions checked", check.Checked, "");
        Add("excused from loss", check.Excused, "");
        Add("refused resumes", check.InvalidSessions, "");
        Add("lost", check.Lost, "");
        Add("repeated", check.Repeats, "");
        Add("out of order", check.Disorders, "");
        Add("strayed", check.Strays, "");
        Add("bytes per event", check.BytesPerMessage, "B");
        if (check.OtherEvents > 0)
        {
            Add("other events per session", (double)check.OtherEvents / Math.Max(1, check.Checked + check.Excused), "");
            Add("other bytes per session", check.OtherBytes / 1024.0 / Math.Max(1, check.Checked + check.Excused), "KB");
        }

        if (!check.Clean) Failures.Add($"{check.Lost} lost, {check.Repeats} repeated, {check.Disorders} out of order, {check.Strays} strayed");
        if (check.Checked == 0) Failures.Add("no session could be checked");
        AddLosses(check.Losses);
    }

    void AddLosses(Dictionary<string, long> losses)
    {
        foreach (var (reason, count) in losses)
        {
            var note = $"connections lost: {count} × {reason}";
            if (!Notes.Contains(note, StringComparer.Ordinal)) Notes.Add(note);
        }
    }
}

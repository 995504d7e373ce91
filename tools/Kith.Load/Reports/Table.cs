using System.Globalization;

namespace Kith.Load.Reports;

/// <summary>Columns of text for a terminal: the first to the left, the others to the right.</summary>
internal static class Table
{
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0)).ToArray();
        foreach (var row in rows)
            output.WriteLine("  " + string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    public static void Write(TextWriter output, RunReport report)
    {
        output.WriteLine($"{report.Scenario}, {report.Kind}");
        Write(output, [.. report.Measures.Select(measure => new[] { measure.Name, Number(measure.Value), measure.Unit })]);
        foreach (var note in report.Notes) output.WriteLine("  note: " + note);
        output.WriteLine(report.Failures.Count == 0 ? Fine(report) : string.Join('\n', report.Failures.Select(failure => "  FAILED: " + failure)));
    }

    static string Fine(RunReport report) => report.Value("sessions checked") > 0 ? "  ok: nothing lost, repeated or out of order" : "  ok; what was received was not checked";

    /// <summary>Four digits that matter, thousands apart.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}

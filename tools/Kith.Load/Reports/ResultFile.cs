using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Load.Measures;

namespace Kith.Load.Reports;

/// <summary>What <c>--json</c> writes.</summary>
internal sealed record ResultDocument(MachineInfo Machine, string CommandLine, ReportDocument[] Runs, Ratio[]? Ratios);

internal sealed record ReportDocument(string Scenario, string Server, IReadOnlyList<Measure> Measures, IReadOnlyList<string> Notes, IReadOnlyList<string> Failures)
{
    public static ReportDocument Of(RunReport report) => new(report.Scenario, report.Kind.ToString(), report.Measures, report.Notes, report.Failures);
}

/// <summary>Kith's figure divided by a baseline's, round by round.</summary>
internal sealed record Ratio(string Scenario, string Measure, string Against, double Median, double Lowest, double Highest, int Rounds);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResultDocument))]
internal sealed partial class ResultJson : JsonSerializerContext;

internal static class ResultFile
{
    public static async Task Write(string path, MachineInfo machine, IEnumerable<RunReport> reports, Ratio[]? ratios, CancellationToken cancel)
    {
        var document = new ResultDocument(machine, string.Join(' ', Environment.GetCommandLineArgs().Skip(1)), [.. reports.Select(ReportDocument.Of)], ratios);
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, document, ResultJson.Default.ResultDocument, cancel);
    }
}

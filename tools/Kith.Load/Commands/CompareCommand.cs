using System.CommandLine;
using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Scenarios;
using Kith.Load.Workers;

namespace Kith.Load.Commands;

/// <summary><c>kith-load compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var rounds = new Option<int>("--rounds") { Description = "How often each server gets each work.", DefaultValueFactory = _ => 3 };
        var scale = new Option<double>("--scale") { Description = "Size of the work; 1 is the real one.", DefaultValueFactory = _ => 1 };
        var names = new Option<string[]>("--work") { Description = "Which works: connect, fanout-large, fanout-sustained, send-pairs, send-channels, paced. All by default.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("compare", "Gives Kith and both baselines the same work in turn, and prints the ratios.") { rounds, scale, names };
        common.AddTo(command);
        command.SetAction((parsed, cancel) => Ending.Of(async () =>
        {
            var machine = MachineInfo.Read();
            Console.WriteLine(machine);
            var programs = common.Programs(parsed);
            TargetKind[] kinds = programs.Kith is null ? [TargetKind.Raw, TargetKind.SignalR] : [TargetKind.Kith, TargetKind.Raw, TargetKind.SignalR];
            var wanted = parsed.GetValue(names) ?? [];
            var works = Works.All(parsed.GetValue(scale), scenario => common.Apply(scenario, parsed)).Where(work => wanted.Length == 0 || wanted.Contains(work.Name, StringComparer.Ordinal));
            List<RunReport> reports = [];
            List<Ratio> ratios = [];
            foreach (var work in works)
            {
                var byRound = await new Comparison(programs, kinds, common.Sweepers(parsed), report => Say(report, cancel)).Run(work, parsed.GetValue(rounds), cancel);
                reports.AddRange(byRound.SelectMany(round => round));
                ratios.AddRange(Comparison.Ratios(work, kinds, byRound));
                Print(work, kinds, byRound, ratios);
            }

            return await common.Finish(reports, machine, [.. ratios], parsed, cancel);
        }));
        return command;
    }

    /// <summary>Failures are said at once: the whole comparison may take an hour.</summary>
    static Task Say(RunReport report, CancellationToken cancel) =>
        report.Failures.Count == 0 ? Task.CompletedTask : Console.Error.WriteLineAsync($"  FAILED: {string.Join("; ", report.Failures)}".AsMemory(), cancel);

    static void Print(Work work, TargetKind[] kinds, List<RunReport>[] byRound, List<Ratio> ratios)
    {
        Console.WriteLine($"{work.Name}: medians of {byRound.Length} rounds, and {kinds[0]}'s share of the others' (lowest to highest)");
        List<string[]> rows = [["", .. kinds.Select(kind => kind.ToString()), .. kinds.Skip(1).Select(kind => $"{kinds[0]} / {kind}")]];
        foreach (var measure in work.Measures)
        {
            var medians = kinds.Select(kind => Table.Number(Comparison.Median([.. byRound.Select(round => Comparison.Of(round, kind, measure)).OfType<double>().Order()])));
            var shares = kinds.Skip(1).Select(kind => ratios.LastOrDefault(ratio => ratio.Scenario == work.Name && ratio.Measure == measure && ratio.Against == kind.ToString()) is { } ratio
                ? $"{ratio.Median:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00})"
                : "");
            var unit = byRound.SelectMany(round => round).SelectMany(report => report.Measures).FirstOrDefault(found => found.Name == measure)?.Unit;
            rows.Add([string.IsNullOrEmpty(unit) ? measure : $"{measure}, {unit}", .. medians, .. shares]);
        }

        Table.Write(Console.Out, rows);
    }
}

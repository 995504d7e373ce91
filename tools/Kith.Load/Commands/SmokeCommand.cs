using System.CommandLine;
using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Scenarios;
using Kith.Load.Targets;
using Kith.Load.Workers;

namespace Kith.Load.Commands;

/// <summary>
/// <c>kith-load smoke</c>: every scenario once, small, against servers that it starts. It says nothing about speed; it fails when a message is lost,
/// repeated or out of order, or a session does not come back. Part of test.sh.
/// </summary>
internal static class SmokeCommand
{
    public static Command Create()
    {
        var kith = new Option<string?>("--kith") { Description = "Path of kith." };
        var baselines = new Option<string?>("--baselines") { Description = "Path of kith-baselines." };
        var json = new Option<string?>("--json") { Description = "Writes the results to this file." };
        var command = new Command("smoke", "Every scenario once and small: fails on loss, repeat or disorder; times are not looked at.") { kith, baselines, json };
        command.SetAction((parsed, cancel) => Ending.Of(async () =>
        {
            var machine = MachineInfo.Read();
            List<RunReport> reports = [];
            var programs = new Programs(parsed.GetValue(kith), parsed.GetValue(baselines), null);
            if (programs.Kith is not null) reports.AddRange(await RunAll(programs, TargetKind.Kith, ForKith(), cancel));
            if (programs.Baselines is not null)
            {
                reports.AddRange(await RunAll(programs, TargetKind.Raw, [Quick(new Fanout(40, 0, 8, 4))], cancel));
                reports.AddRange(await RunAll(programs, TargetKind.SignalR, [Quick(new Fanout(40, 0, 8, 4)), Quick(new Storm(40, 10, 5, 20, 5, Resume: true))], cancel));
            }

            if (reports.Count == 0) throw new InvalidOperationException("--kith or --baselines is needed.");
            if (parsed.GetValue(json) is { } path) await ResultFile.Write(path, machine, reports, null, cancel);
            return reports.Any(report => report.Failures.Count > 0) ? 1 : 0;
        }));
        return command;
    }

    static Scenario[] ForKith() =>
    [
        Quick(new Connect(100, 3, 50, TimeSpan.Zero, 50)),
        Quick(new Fanout(50, 100, 0, 5)),
        Quick(new Fanout(50, 0, 16, 5)),
        Quick(new Send(10, 0, 0, 0)),
        Quick(new Send(0, 32, 4, 0)),
        Quick(new Mixed(80, 0.8, 0.1, 5)),
        Quick(new Storm(60, 20, 10, 20, 20, Resume: true)),
        Quick(new Storm(30, 30, 10, 20, 20, Resume: false)),
        Quick(new Slow(20, 0.25, 50)),
    ];

    static async Task<List<RunReport>> RunAll(Programs programs, TargetKind kind, Scenario[] scenarios, CancellationToken cancel)
    {
        List<RunReport> reports = [];
        await using var started = await StartedServer.Start(programs, kind, coalesce: true, sweepers: 1, cancel);
        foreach (var scenario in scenarios)
        {
            var report = await scenario.Run(started.Server, cancel);
            reports.Add(report);
            var outcome = report.Failures.Count == 0 ? $"ok, {report.Value("messages"):0} messages" : "FAILED: " + string.Join("; ", report.Failures);
            Console.WriteLine($"{kind}: {scenario.Name}: {outcome}{string.Concat(report.Notes.Select(note => "; " + note))}");
        }

        return reports;
    }

    static Scenario Quick(Scenario scenario) => scenario with { WarmUp = TimeSpan.FromSeconds(0.5), Duration = TimeSpan.FromSeconds(2), Settle = TimeSpan.FromSeconds(0.5) };
}

/// <summary>How a command ends: its own code, or one line that says why not.</summary>
internal static class Ending
{
    const int Stopped = 130, Broken = 2;

    public static async Task<int> Of(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("kith-load: stopped");
            return Stopped;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or HttpRequestException or IOException)
        {
            await Console.Error.WriteLineAsync("kith-load: " + e.Message);
            return Broken;
        }
    }
}

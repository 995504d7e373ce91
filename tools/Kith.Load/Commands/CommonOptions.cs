using System.CommandLine;
using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Scenarios;
using Kith.Load.Targets;
using Kith.Load.Workers;

namespace Kith.Load.Commands;

/// <summary>Options that every scenario takes: which server, how long, and where the result goes.</summary>
internal sealed class CommonOptions
{
    readonly Option<TargetKind> _server = new("--server") { Description = "Kind of server: kith, raw or signalr.", DefaultValueFactory = _ => TargetKind.Kith };
    readonly Option<string?> _target = new("--target") { Description = "Address of a running server, in 127.0.0.0/8. Without it a server is started, and ended after the run." };
    readonly Option<int[]> _pid = new("--pid") { Description = "Process of the running server, to measure its memory and CPU.", AllowMultipleArgumentsPerToken = true };
    readonly Option<string?> _accounts = new("--accounts") { Description = "Accounts of the running Kith to use, lines of \"id name token\"; without it they are registered." };
    readonly Option<string?> _kith = new("--kith") { Description = "Path of the program kith, to start it." };
    readonly Option<string?> _baselines = new("--baselines") { Description = "Path of the program kith-baselines, to start it." };
    readonly Option<string?> _dataFolder = new("--data-folder") { Description = "Where a started Kith keeps its store; choose a real disk, or syncs cost nothing." };
    readonly Option<bool> _coalesce = new("--coalesce") { Description = "Raw baseline: what waits for a connection leaves in one write." };
    readonly Option<int> _sweepers = new("--sweepers") { Description = "Raw baseline: threads that write.", DefaultValueFactory = _ => 1 };
    readonly Option<double> _seconds = new("--seconds") { Description = "How long traffic is measured.", DefaultValueFactory = _ => 15 };
    readonly Option<double> _warmUp = new("--warm-up") { Description = "Seconds of traffic before that.", DefaultValueFactory = _ => 3 };
    readonly Option<double> _settle = new("--settle") { Description = "Seconds of quiet before memory is read.", DefaultValueFactory = _ => 3 };
    readonly Option<int> _pending = new("--pending") { Description = "Handshakes at once.", DefaultValueFactory = _ => 256 };
    readonly Option<int> _size = new("--size") { Description = "Bytes of a message's text.", DefaultValueFactory = _ => 100 };
    readonly Option<string?> _json = new("--json") { Description = "Writes the result to this file." };
    readonly Option<string?> _plot = new("--plot") { Description = "Writes latency over time to SVG files that begin with this path." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _target, _pid, _accounts, _kith, _baselines, _dataFolder, _coalesce, _sweepers, _seconds, _warmUp, _settle, _pending, _size, _json, _plot })
            command.Options.Add(option);
    }

    public T Apply<T>(T scenario, ParseResult parsed)
        where T : Scenario => scenario with
        {
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
            Settle = TimeSpan.FromSeconds(parsed.GetValue(_settle)),
            Pending = parsed.GetValue(_pending),
            TextBytes = parsed.GetValue(_size),
        };

    public Programs Programs(ParseResult parsed) => new(parsed.GetValue(_kith), parsed.GetValue(_baselines), parsed.GetValue(_dataFolder));

    public int Sweepers(ParseResult parsed) => parsed.GetValue(_sweepers);

    /// <summary>Runs one scenario against the server that the options name, and reports; the result is the exit code.</summary>
    public async Task<int> Run(Scenario scenario, ParseResult parsed, CancellationToken cancel)
    {
        var machine = MachineInfo.Read();
        Console.WriteLine(machine);
        await using var started = parsed.GetValue(_target) is null ? await Start(parsed, cancel) : null;
        var report = await scenario.Run(started?.Server ?? Running(parsed), cancel);
        return await Finish([report], machine, null, parsed, cancel);
    }

    public async Task<int> Finish(IReadOnlyList<RunReport> reports, MachineInfo machine, Ratio[]? ratios, ParseResult parsed, CancellationToken cancel)
    {
        // A comparison has printed its ratios already; every single run is in the file.
        if (ratios is null) Table.Write(Console.Out, reports[0]);
        if (parsed.GetValue(_json) is { } json) await ResultFile.Write(json, machine, reports, ratios, cancel);
        if (parsed.GetValue(_plot) is { } plot) await Plot(plot, reports, cancel);
        return reports.Any(report => report.Failures.Count > 0) ? 1 : 0;
    }

    static async Task Plot(string path, IReadOnlyList<RunReport> reports, CancellationToken cancel)
    {
        var number = 0;
        foreach (var report in reports)
        {
            foreach (var (name, series) in report.Series)
                await File.WriteAllTextAsync($"{path}-{++number}.svg", SvgPlot.Draw($"{report.Scenario}, {report.Kind}: {name}", series), cancel);
        }
    }

    Task<StartedServer> Start(ParseResult parsed, CancellationToken cancel) =>
        StartedServer.Start(Programs(parsed), parsed.GetValue(_server), parsed.GetValue(_coalesce), parsed.GetValue(_sweepers), cancel);

    TargetServer Running(ParseResult parsed)
    {
        var target = new Target(parsed.GetValue(_target)!, parsed.GetValue(_server));
        var accounts = parsed.GetValue(_accounts) is { } path ? KithWorldBuilder.ReadAccounts(path) : null;
        IWorldBuilder worlds = target.Kind == TargetKind.Kith ? new KithWorldBuilder(target.Url, accounts) : new BaselineWorldBuilder();
        return new(target, worlds, new ServerProbe(parsed.GetValue(_pid) ?? []));
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;
using Kith.Load.Commands;
using Kith.Load.Workers;

var worker = new Command("worker", "A process of a run; started by the others.") { Hidden = true };
worker.SetAction((_, _) => Worker.Run(Console.In, Console.Out));

var root = new RootCommand("Loads a Kith server on this machine, and checks that nothing is lost, repeated or out of order.")
{
    ScenarioCommands.Connect(),
    ScenarioCommands.Fanout(),
    ScenarioCommands.Send(),
    ScenarioCommands.Mixed(),
    ScenarioCommands.Replay(),
    ScenarioCommands.Storm(),
    ScenarioCommands.Slow(),
    CompareCommand.Create(),
    SmokeCommand.Create(),
    worker,
};
var parsed = root.Parse(args);
var isWorker = parsed.CommandResult.Command == worker;

// Ctrl-C reaches the whole process group; a worker ends when its parent, which has heard it too, closes its input.
using var interrupt = isWorker ? PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true) : null;

// Servers and workers that were started are ended first: that may take some seconds.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = isWorker ? null : TimeSpan.FromSeconds(30) });

using System.CommandLine;
using Kith.Load.Commands;
using Kith.Load.Workers;

var worker = new Command("worker", "A process of a run; started by the others.") { Hidden = true };
worker.SetAction((_, _) => Worker.Run(Console.In, Console.Out));

var root = new RootCommand("Loads a Kith server on this machine, and checks that nothing is lost, repeated or out of order.")
{
    ScenarioCommands.Connect(),
    ScenarioCommands.Fanout(),
    ScenarioCommands.Send(),
    worker,
};
return await root.Parse(args).InvokeAsync();

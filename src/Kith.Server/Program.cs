using System.CommandLine;
using Kith.Server.Commands;

var settings = new SettingOptions();
var root = new RootCommand("Kith, a self-hosted chat platform.")
{
    new ServeCommand(settings),
    new UserCommand(settings),
    new ServerCommand(settings),
    new PushCommand(settings),
    new ImportCommand(settings),
    new BackupCommand(settings),
    new RestoreCommand(settings),
    new ExportCommand(settings),
    new ConfigCommand(settings),
};
settings.AddTo(root);
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"kith: {parsed.Errors[0].Message} --help tells what there is.");
    return 2;
}

// The server answers signals itself, and takes the time it needs.
var invocation = new InvocationConfiguration();
if (parsed.CommandResult.Command is ServeCommand) invocation.ProcessTerminationTimeout = null;
return await parsed.InvokeAsync(invocation);

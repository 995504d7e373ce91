using System.CommandLine;
using Kith.Server.Memory;

namespace Kith.Server.Commands;

sealed class ServeCommand : KithCommand
{
    public ServeCommand(SettingOptions settings)
        : base("serve", "Runs the server until it is told to stop (Ctrl-C, SIGTERM).", settings) 
    {
        Add(settings.Urls);
        Add(settings.Roles);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        await using var app = KithServer.Build(options, builder => builder.Services.AddHostedService<QuietCollection>());
        await KithServer.StartAsync(app, ct);
        Console.WriteLine($"Kith is ready at {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(ct);
        return Done;
    }
}

using System.CommandLine;
using Kith.Server.Backups;

namespace Kith.Server.Commands;

sealed class BackupCommand : KithCommand
{
    readonly Argument<string> file = new("FILE") { Description = "Where the backup goes, such as kith-2026-05-01.tar.gz." };

    public BackupCommand(SettingOptions settings)
        : base("backup", "Writes the whole instance into one file, also while a server runs. It holds the keys: keep it as you keep passwords.", settings) => Add(file);

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        var target = parsed.GetRequiredValue(file);
        await BackupFile.CreateAsync(options.Data, target, TimeProvider.System.GetUtcNow(), ct);
        Console.WriteLine($"{new FileInfo(target).Length:N0} bytes in {target}.");
        return Done;
    }
}

sealed class RestoreCommand : KithCommand
{
    readonly Argument<string> file = new("FILE") { Description = "A backup." };

    public RestoreCommand(SettingOptions settings)
        : base("restore", "Makes a new data folder (--data) of a backup.", settings) => Add(file);

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        await BackupFile.RestoreAsync(parsed.GetRequiredValue(file), options.Data, ct);
        Console.WriteLine($"Restored into {options.Data}.");
        return Done;
    }
}

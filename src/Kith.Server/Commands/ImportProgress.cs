using Kith.Engine.Import.Irc;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Kith.Server.Commands;

/// <summary>Reads day after day, with a bar that tells how far, how fast and how long still. It goes to standard error, as do lines that cannot be read.</summary>
static class ImportProgress
{
    public static Task RunAsync((string Path, DateTimeOffset Day)[] days, IrcImport import, CancellationToken ct)
    {
        var plain = Console.IsErrorRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error), Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        var bytes = days.Sum(d => new FileInfo(d.Path).Length);
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(import), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Importing", maxValue: Math.Max(1, bytes));
                await import.BeginAsync(ct);
                foreach (var (path, day) in days)
                {
                    var file = IrcDay.Read(path, day);
                    foreach (var problem in file.Problems)
                        console.MarkupLineInterpolated($"{problem.ToString()}");
                    await import.AddAsync(file, ct);
                    bar.Increment(new FileInfo(path).Length);
                }
            });
    }

    /// <summary>Messages a second since the beginning.</summary>
    sealed class RateColumn(IrcImport import) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Markup(task.ElapsedTime is { TotalSeconds: > 0 } elapsed ? $"{import.Counts.Entries / elapsed.TotalSeconds:N0}/s" : "");
    }
}

namespace Kith.Baselines;

/// <summary>Says where a server listens, then holds it until it is told to stop.</summary>
internal static class Lifetime
{
    public static async Task Run(int port, Func<CancellationToken, Task> serve, bool untilStdinCloses, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Console.Out.WriteLineAsync($"listening on http://127.0.0.1:{port} pid {Environment.ProcessId}".AsMemory(), cancel);
        var serving = serve(stop.Token);
        if (untilStdinCloses)
        {
            await Task.WhenAny(serving, DrainStdin(stop.Token));
            await stop.CancelAsync();
        }

        await serving;
    }

    static async Task DrainStdin(CancellationToken cancel)
    {
        await using var stdin = Console.OpenStandardInput();
        var scrap = new byte[256];
        while (await stdin.ReadAsync(scrap, cancel) > 0)
        {
            // Nothing is ever said here; only the end matters.
        }
    }
}

using System.Diagnostics;

namespace Kith.Benchmarks;

/// <summary>The server's own process: from start to the first good answer of /readyz, and its memory ten seconds later.</summary>
static class StartupBenchmark
{
    const int Rounds = 5;
    const int Port = 18_431;

    public static async Task RunAsync(CancellationToken ct)
    {
        var binary = Path.Combine(AppContext.BaseDirectory, "kith.dll");
        var folder = Directory.CreateTempSubdirectory("kith-bench-");
        using var http = new HttpClient();
        for (var round = 0; round < Rounds; round++)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", [binary, "serve", "--urls", $"http://127.0.0.1:{Port}", "--data", folder.FullName]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var began = Stopwatch.GetTimestamp();
            while (!await IsReadyAsync(http, ct))
                await Task.Delay(5, ct);
            var ready = Stopwatch.GetElapsedTime(began);
            await Task.Delay(TimeSpan.FromSeconds(10), ct);
            process.Refresh();
            Console.WriteLine($"ready after {ready.TotalMilliseconds:0} ms, {process.WorkingSet64 / 1048576.0:0.0} MB resident when idle{(round == 0 ? " (new store)" : "")}");
            process.Kill();
            await process.WaitForExitAsync(ct);
        }

        folder.Delete(recursive: true);
    }

    static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri($"http://127.0.0.1:{Port}/readyz"), ct);
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kith.Testing;

namespace Kith.Benchmarks;

/// <summary>
/// What it costs that a message crosses processes: DMs at a fixed rate, by Kafka to a delivery process and by Redis to the gateway, and all in one process over a MariaDB of its own, by turns.
/// Everything is on this machine. The api is in the gateway's process, since the load knows one address; the message's way is that of any cluster.
/// </summary>
/// <param name="load">The program kith-load.</param>
/// <param name="kafka">Brokers; null for a mock.</param>
sealed class ClusterBenchmark(string load, int perSecond, string? kafka)
{
    const int Pairs = 100;
    const string Database = "kith";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static readonly string[] Measures = ["POST to reply p50", "POST to receipt p50", "POST to receipt p95", "POST to receipt p99", "server CPU per thousand messages"];

    public async Task RunAsync(int rounds, CancellationToken ct)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["Logging:Level"] = "Warning" };
        // A topic and groups of this run's own, where others may use the brokers as well.
        if (kafka is not null) options["Kafka:Prefix"] = $"kith-bench-{Guid.NewGuid():N}";
        await using var cluster = await KithCluster.StartAsync(new KithClusterSetup { Api = 0, Gateways = 0, Deliveries = 1, Kafka = kafka, Options = options });
        var node = await cluster.AddAsync("api,gateway");
        await using var mariaDb = await MariaDb.StartAsync(Database);
        using var folder = new TemporaryFolder();
        await using var process = await KithProcess.Serve(folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { [KithCluster.Spinning] = "0" }, "--set", $"MySql:Connection={mariaDb.ConnectionString(Database)}", "--set", "Logging:Level=Warning");
        Console.WriteLine($"{perSecond} messages/s, {Pairs} DMs; ms (and s of CPU, of Kith alone) in one process, in the cluster, and what that adds; before them the CPUs that were busy");
        Console.WriteLine($"{"",24}{string.Concat(Measures.Select(m => $"{m,34}"))}");
        for (var round = 1; round <= rounds; round++)
        {
            var (one, busyOne) = await MeasureAsync(process.Address, [process.Id], ct);
            var (many, busyMany) = await MeasureAsync(node.Address, [.. cluster.Nodes.Select(n => n.Process.Id)], ct);
            var columns = one.Zip(many, (o, m) => string.Create(CultureInfo.InvariantCulture, $"{o,16:0.00}{m,9:0.00}{m - o,9:0.00}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,6} {busyOne,8:0.0}{busyMany,8:0.0} {string.Concat(columns)}"));
        }
    }

    async Task<(double[] Values, double Busy)> MeasureAsync(Uri address, int[] processes, CancellationToken ct)
    {
        var file = Path.GetTempFileName();
        string[] arguments =
        [
            "send", "--pairs", $"{Pairs}", "--rate", $"{perSecond}", "--warm-up", "5", "--seconds", "20", "--target", address.GetLeftPart(UriPartial.Authority), "--json", file, "--pid", .. processes.Select(p => $"{p}"),
        ];
        var (before, began) = (BusyTicks(), Stopwatch.StartNew());
        using var run = Process.Start(new ProcessStartInfo(load, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(ct), run.StandardError.ReadToEndAsync(ct));
        try
        {
            await run.WaitForExitAsync(ct).WaitAsync(Patience, ct);
        }
        finally
        {
            if (!run.HasExited) run.Kill(entireProcessTree: true);
        }

        // It fails where a message was lost, doubled or out of order.
        if (run.ExitCode != 0) throw new InvalidOperationException($"kith-load failed: {await output} {await errors}");
        var busy = (BusyTicks() - before) / 100.0 / began.Elapsed.TotalSeconds;
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(file, ct));
        File.Delete(file);
        var measures = result.RootElement.GetProperty("runs")[0].GetProperty("measures").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("value").GetDouble());
        return ([.. Measures.Select(m => measures[m])], busy);
    }

    /// <summary>What all CPUs of the machine have worked, in hundredths of a second: user, nice, system, interrupts.</summary>
    static long BusyTicks()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return fields[0] + fields[1] + fields[2] + fields[5] + fields[6];
    }
}

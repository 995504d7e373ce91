using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Kith.Testing;

/// <summary>A MariaDB of the test's own: its folder, port and process, gone at the end. Needs Debian's mariadb-server.</summary>
public sealed class MariaDb : IAsyncDisposable
{
    /// <summary>For its temporary tables as well: a server that starts removes those it finds, whosever they are.</summary>
    readonly TemporaryFolder folder = new();
    Process? process;

    public int Port { get; } = FreePort();

    string DataFolder => Path.Combine(folder.Path, "data");

    public string ConnectionString(string database) => $"Server=127.0.0.1;Port={Port};User=root;Password=;Database={database};SslMode=Disabled;AllowPublicKeyRetrieval=true";

    /// <summary>Installs and starts it, and creates an empty database of each name.</summary>
    public static async Task<MariaDb> StartAsync(params string[] databases)
    {
        var server = new MariaDb();
        await RunAsync("mariadb-install-db", $"--no-defaults --datadir={server.DataFolder} --auth-root-authentication-method=normal --skip-test-db --user=root --tmpdir={server.folder.Path}");
        await server.StartProcessAsync();
        foreach (var database in databases)
            await server.SqlAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4");
        return server;
    }

    /// <summary>Starts the process and waits until it answers.</summary>
    public async Task StartProcessAsync()
    {
        process = Process.Start(new ProcessStartInfo(
            "mariadbd",
            $"--no-defaults --user=root --datadir={DataFolder} --tmpdir={folder.Path} --port={Port} --bind-address=127.0.0.1 --socket={folder.Path}/s --skip-log-bin --innodb-flush-log-at-trx-commit=1 --max-connections=500 --log-error={folder.Path}/log")
        {
            UseShellExecute = false,
        })!;
        var deadline = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited || deadline.Elapsed > Deadline.Default)
                Assert.Fail($"MariaDB did not start: {await File.ReadAllTextAsync(Path.Combine(folder.Path, "log"))}");
        }
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public Task SqlAsync(string sql) => RunAsync("mariadb", $"--no-defaults --protocol=tcp -h127.0.0.1 -P{Port} -uroot -e \"{sql}\"");

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        folder.Dispose();
    }

    async Task<bool> AnswersAsync()
    {
        using var ping = Process.Start(new ProcessStartInfo("mariadb-admin", $"--no-defaults --protocol=tcp -h127.0.0.1 -P{Port} -uroot ping")
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        await ping.WaitForExitAsync();
        return ping.ExitCode == 0;
    }

    static async Task RunAsync(string program, string arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (errors, output) = (run.StandardError.ReadToEndAsync(), run.StandardOutput.ReadToEndAsync());
        await run.WaitForExitAsync();
        if (run.ExitCode != 0) Assert.Fail($"{program} {arguments} failed: {await errors} {await output}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

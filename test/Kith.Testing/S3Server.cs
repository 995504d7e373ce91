using System.Diagnostics;

namespace Kith.Testing;

/// <summary>An S3 server (npm s3rver) with one bucket, on a free port of this machine. It can be stopped and started again at the same port with what it had.</summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "kith-test", AccessKey = "S3RVER", SecretKey = "S3RVER";

    readonly TemporaryFolder folder = new();
    Process? process;
    int port;

    public string Endpoint => $"http://127.0.0.1:{port}";

    /// <summary>What lies in the bucket, as files.</summary>
    public string Folder => Path.Combine(folder.Path, Bucket);

    public static async Task<S3Server> Start()
    {
        var server = new S3Server();
        await server.Resume();
        return server;
    }

    public async Task Resume()
    {
        process = Process.Start(new ProcessStartInfo("node", ["serve.js", folder.Path, Bucket, $"{port}"])
        {
            WorkingDirectory = Repository.PathOf("test", "Kith.Testing", "s3"), RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("node did not start.");
        var line = await Deadline.For(process.StandardOutput.ReadLineAsync(), () => "the port of the S3 server");
        port = int.Parse(line ?? throw new InvalidOperationException("The S3 server ended."), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task Stop()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        folder.Dispose();
    }
}

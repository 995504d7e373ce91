using System.Globalization;
using Kith.Engine.Accounts;
using Kith.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Benchmarks;

/// <summary>The server in this process on a folder of its own, for benchmarks of the engine and its store without HTTP.</summary>
sealed class BenchServer : IAsyncDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kith-bench-");
    readonly WebApplication app;

    BenchServer(Func<KithOptions, KithOptions> options) => app = KithServer.Build(options(new KithOptions { Data = folder.FullName, Urls = "http://127.0.0.1:0" }));

    public static async Task<BenchServer> StartAsync(CancellationToken ct, Func<KithOptions, KithOptions>? options = null)
    {
        var server = new BenchServer(options ?? (static o => o));
        await KithServer.StartAsync(server.app, ct);
        return server;
    }

    public string Folder => folder.FullName;

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static Principal Someone(UserRecord user) => new(user, default);

    /// <summary>Milliseconds at a share of the sorted samples.</summary>
    public static string At(IReadOnlyList<double> sorted, double share) =>
        sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))].ToString("0.00", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

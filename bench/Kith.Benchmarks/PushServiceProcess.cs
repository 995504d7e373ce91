using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Kith.Benchmarks;

/// <summary>A push service that takes everything and counts: <c>kith-bench push-service</c>.</summary>
sealed class PushServiceProcess(Process process, Uri address) : IAsyncDisposable
{
    const string Ready = "ready at ";

    readonly HttpClient http = new() { BaseAddress = address };

    public Uri Address => address;

    public static async Task<PushServiceProcess> StartAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "kith-bench.dll"), "push-service"]) { RedirectStandardOutput = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) return new PushServiceProcess(process, new Uri(line[Ready.Length..]));
        }

        throw new InvalidOperationException("The push service did not start.");
    }

    /// <summary>What the child process does.</summary>
    public static async Task ServeAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        var taken = 0;
        app.Run(async http =>
        {
            if (http.Request.Path == "/count")
            {
                await http.Response.WriteAsync(Volatile.Read(ref taken).ToString(CultureInfo.InvariantCulture), ct);
                return;
            }

            await http.Request.Body.CopyToAsync(Stream.Null, ct);
            Interlocked.Increment(ref taken);
            http.Response.StatusCode = StatusCodes.Status201Created;
        });
        await app.StartAsync(ct);
        Console.WriteLine($"{Ready}{app.Urls.First()}");
        await app.WaitForShutdownAsync(ct);
    }

    public async Task<int> CountAsync(CancellationToken ct) => int.Parse(await http.GetStringAsync("/count", ct), CultureInfo.InvariantCulture);

    public async Task WaitAsync(int count, CancellationToken ct)
    {
        while (await CountAsync(ct) < count)
            await Task.Delay(50, ct);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

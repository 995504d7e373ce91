using System.Text.Json.Nodes;
using Kith.Engine.Admin;
using Kith.Engine.Delivery;

namespace Kith.Server.Http;

/// <summary>Something outside this process that it cannot work without. <paramref name="Check"/> throws where it is away.</summary>
public sealed record Dependency(string Name, Func<CancellationToken, Task> Check);

/// <summary>/readyz: 200 where every dependency answers, 503 with the names of those that do not, or while stopping.</summary>
sealed partial class ReadinessEndpoint(IEnumerable<Dependency> dependencies, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ReadinessEndpoint> log) : IHealth
{
    /// <summary>A probe's patience: most orchestrators give up after a few seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    const string Ok = "ok";

    readonly (Dependency Dependency, SharedProbe Probe)[] probes = [.. dependencies.Select(d => (d, new SharedProbe(d.Check)))];

    public async Task AnswerAsync(HttpContext http)
    {
        var answers = await CheckAsync(http.RequestAborted);
        var ready = answers.Values.All(a => a == Ok);
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(new JsonObject { ["ready"] = ready, ["dependencies"] = new JsonObject(answers.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))) }.ToJsonString(), http.RequestAborted);
    }

    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken ct)
    {
        Dictionary<string, string> answers = new(StringComparer.Ordinal);
        if (lifetime.ApplicationStopping.IsCancellationRequested) answers["server"] = "stopping";
        foreach (var (dependency, probe) in probes)
            answers[dependency.Name] = await WhyAwayAsync(dependency, probe, ct) ?? Ok;
        return answers;
    }

    async Task<string?> WhyAwayAsync(Dependency dependency, SharedProbe probe, CancellationToken ct)
    {
        try
        {
            await probe.RunAsync().WaitAsync(Patience, clock, ct);
            return null;
        }
        catch (Exception e) when (e is UnavailableException or TimeoutException or IOException)
        {
            LogAway(e, dependency.Name);
            return "away";
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "{Dependency} is away: not ready")]
    partial void LogAway(Exception e, string dependency);

    /// <summary>However many ask, a dependency that hangs has one call waiting for it.</summary>
    sealed class SharedProbe(Func<CancellationToken, Task> check)
    {
        readonly Lock gate = new();
        Task? running;

        public Task RunAsync()
        {
            lock (gate)
            {
                if (running is null || running.IsCompleted) running = check(CancellationToken.None);
                return running;
            }
        }
    }
}

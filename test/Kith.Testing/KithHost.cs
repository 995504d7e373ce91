using Kith.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Kith.Testing;

/// <summary>What differs from the defaults in a test's server.</summary>
public sealed record KithHostSetup
{
    /// <summary>Applied after the harness has set address and data folder.</summary>
    public Func<KithOptions, KithOptions> Options { get; init; } = static options => options;

    public TimeProvider? Clock { get; init; }

    /// <summary>Replaces or adds services; the last registration wins.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>An existing data folder, which stays; null for a new one that is removed at the end.</summary>
    public string? Data { get; init; }

    /// <summary>Errors in the server's log fail the test that ends the host, unless it provokes them.</summary>
    public bool AllowErrors { get; init; }
}

/// <summary>
/// The real server in this process, on a free port of 127.0.0.1 and a data folder of its own. As a class or assembly fixture it starts with the defaults;
/// a test with other wishes calls <see cref="Start"/>. Rate limits are off unless the setup turns them on.
/// </summary>
public sealed class KithHost : IKithServer, IAsyncLifetime
{
    readonly KithHostSetup setup;
    readonly TemporaryFolder? folder;
    readonly ServerLog log = new();
    WebApplication? app;

    public KithHost()
        : this(new KithHostSetup())
    {
    }

    KithHost(KithHostSetup setup)
    {
        this.setup = setup;
        folder = setup.Data is null ? new TemporaryFolder() : null;
        Data = setup.Data ?? folder!.Path;
    }

    public static async Task<KithHost> Start(KithHostSetup? setup = null)
    {
        var host = new KithHost(setup ?? new KithHostSetup());
        await host.InitializeAsync();
        return host;
    }

    public string Data { get; }

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    public ServerLog Log => log;

    public async ValueTask InitializeAsync()
    {
        var options = setup.Options(new KithOptions
        {
            Urls = "http://127.0.0.1:0", Data = Data,
            RateLimits = new() { Enabled = false },
            Web = new() { Enabled = false },
            // Nothing outside of this machine is asked for.
            Media = new() { LinkPreviews = false },
            // Hashing as slowly as in production would be most of what a run of tests does.
            Accounts = new() { PasswordIterations = 1_000 },
        });
        app = KithServer.Build(options, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(log);
            if (setup.Clock is { } clock) builder.Services.AddSingleton(clock);
            setup.Services?.Invoke(builder.Services);
        });
        await KithServer.StartAsync(app, CancellationToken.None);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public ApiClient Anonymous() => new(Address, token: null, log);

    public Line OpenLine() => new(new FaultProxy(Address), isShared: false);

    /// <summary>A client with any token, with or without its prefix.</summary>
    public ApiClient As(string token) => new(Address, token, log);

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        folder?.Dispose();
        if (!setup.AllowErrors && log.Errors.ToArray() is { Length: > 0 } errors)
            Assert.Fail($"The server logged {errors.Length} errors:\n{string.Join('\n', errors.Take(5))}");
    }
}

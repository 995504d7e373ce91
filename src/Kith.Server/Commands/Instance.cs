using Kith.Cluster.InProcess;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Server.Composition;
using Kith.Server.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kith.Server.Commands;

/// <summary>
/// An instance's data as commands work on it, without sockets. A server may run on the same data: the store takes both, ids are minted under another worker's number,
/// and tokens are signed with the same key; the server sees what it has not cached, and who is connected is told nothing.
/// </summary>
sealed class Instance : IAsyncDisposable
{
    /// <summary>Servers count up from 0.</summary>
    const int FirstCommandWorker = 768;

    readonly ServiceProvider services;

    Instance(ServiceProvider services) => this.services = services;

    public static async Task<Instance> OpenAsync(KithOptions options, CancellationToken ct)
    {
        DataFolder.Prepare(options.Data);
        var features = new ServiceCollection();
        features.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
        features.AddKith(options);
        features.Replace(ServiceDescriptor.Singleton<IEventLog, NoEventLog>());
        features.Replace(ServiceDescriptor.Singleton(s => new SnowflakeGenerator(Worker, s.GetRequiredService<TimeProvider>())));
        var instance = new Instance(features.BuildServiceProvider());
        await instance.services.MigrateAsync(ct);
        return instance;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Something that no feature registers, from what is registered.</summary>
    public T Make<T>(params object[] parts) => ActivatorUtilities.CreateInstance<T>(services, parts);

    /// <exception cref="StartException">There is no such user.</exception>
    public async Task<UserRecord> UserAsync(string name, CancellationToken ct) =>
        (Snowflake.TryParse(name, out var id) ? await Get<IUserStore>().FindAsync(new UserId(id), ct) : null)
        ?? await Get<IUserStore>().FindByNameAsync(name, ct)
        ?? throw new StartException($"There is no user {name}.");

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <summary>Two commands at once differ by their process ids. The last worker is that of imported messages.</summary>
    static int Worker => FirstCommandWorker + (Environment.ProcessId % (Snowflake.MaxWorker - FirstCommandWorker));
}

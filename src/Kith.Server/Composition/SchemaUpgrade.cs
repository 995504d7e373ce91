using Kith.Cluster.ZooKeeper;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

/// <summary>
/// Keeps a process of a new version from changing the schema under the feet of older ones that could not go on, and a process of an old version from joining those that have changed it. Who is live is
/// known to ZooKeeper.
/// </summary>
sealed partial class SchemaUpgrade(KithOptions options, TimeProvider clock, ILogger<SchemaUpgrade> log)
{
    /// <exception cref="DatabaseRefusedException">Processes that are live would break.</exception>
    public async Task BeforeAsync(IReadOnlyList<Migration> pending, CancellationToken ct)
    {
        var names = string.Join(", ", pending.Select(m => m.Name));
        if (pending.MaxBy(m => m.Beside) is not { Beside: > 0 } breaking)
        {
            LogAdds(names);
        }
        else if (options.ZooKeeper.Servers.Length == 0)
        {
            LogUnknown(breaking.Name);
        }
        else
        {
            using var processes = new OlderProcesses(options.ZooKeeper, clock);
            var older = await processes.WithoutAsync(breaking.Beside, ct);
            if (older.Count > 0)
                throw new DatabaseRefusedException($"Migration {breaking.Name} would break processes of an older version, and {older.Count} of them run: {string.Join(", ", older)}. Stop them, then start this one. Nothing has been changed.");
            LogChanges(names);
        }
    }

    [LoggerMessage(6400, LogLevel.Information, "The schema gets {Migrations}; processes of older versions go on beside them")]
    partial void LogAdds(string migrations);

    [LoggerMessage(6401, LogLevel.Warning, "The schema gets {Migrations}; no process runs that it would break")]
    partial void LogChanges(string migrations);

    [LoggerMessage(6402, LogLevel.Warning, "Migration {Migration} breaks processes of older versions. Whether any run is not known without ZooKeeper:Servers")]
    partial void LogUnknown(string migration);
}

/// <summary>Once it is announced that this process lives: whether the schema was changed in the moment before, when nobody could know.</summary>
sealed class SchemaCheck(SqlDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.CheckSchemaAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

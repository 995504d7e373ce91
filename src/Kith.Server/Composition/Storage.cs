using Kith.Server.Http;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class StorageComposition
{
    public static IServiceCollection AddStorage(this IServiceCollection services, KithOptions options) => options.MySql.Connection.Length == 0
        ? services.AddEmbeddedStorage(options)
        : services
            .AddSingleton<SqlDatabase>(_ => new MySqlDatabase(options.MySql.Connection))
            .AddSingleton<SchemaUpgrade>()
            .AddSingleton(s => new Dependency("mysql", s.GetRequiredService<SqlDatabase>().CheckAsync));

    /// <summary>Brings every store up to date; MySql's first, by whose locks processes take turns.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken ct)
    {
        if (services.GetService<SchemaUpgrade>() is { } beside) await services.GetRequiredService<SqlDatabase>().MigrateAsync(beside.BeforeAsync, ct);
        else await services.GetRequiredService<SqlDatabase>().MigrateAsync(ct);
        foreach (var upgrade in services.GetServices<StoreUpgrade>())
            await upgrade.RunAsync(ct);
    }

    static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, KithOptions options) => services
        .AddSingleton<DataFolderLock>()
        .AddSingleton<SqlDatabase>(_ => new SqliteDatabase(Path.Combine(options.Data, "kith.db")))
        .AddSingleton(s => new Dependency("database", s.GetRequiredService<SqlDatabase>().CheckAsync));
}

/// <summary>What a store beside the relational one does at a start, before it is used.</summary>
sealed record StoreUpgrade(Func<CancellationToken, Task> RunAsync);

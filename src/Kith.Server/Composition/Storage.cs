using Kith.Server.Http;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class StorageComposition
{
    public static IServiceCollection AddStorage(this IServiceCollection services, KithOptions options) => options.MySql.Connection.Length == 0
        ? services.AddEmbeddedStorage(options)
        : services
            .AddSingleton<SqlDatabase>(_ => new MySqlDatabase(options.MySql.Connection))
            .AddSingleton(s => new Dependency("mysql", s.GetRequiredService<SqlDatabase>().CheckAsync));

    static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, KithOptions options) => services
        .AddSingleton<DataFolderLock>()
        .AddSingleton<SqlDatabase>(_ => new SqliteDatabase(Path.Combine(options.Data, "kith.db")))
        .AddSingleton(s => new Dependency("database", s.GetRequiredService<SqlDatabase>().CheckAsync));
}

using Kith.Server.Http;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class StorageComposition
{
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, KithOptions options) => services
        .AddSingleton<DataFolderLock>()
        .AddSingleton<SqlDatabase>(_ => new SqliteDatabase(Path.Combine(options.Data, "kith.db")))
        .AddSingleton(s => new Dependency("database", s.GetRequiredService<SqlDatabase>().CheckAsync));
}

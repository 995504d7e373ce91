using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class StorageComposition
{
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, KithOptions options) => services
        .AddSingleton<SqlDatabase>(_ => new SqliteDatabase(Path.Combine(options.Data, "kith.db")));
}

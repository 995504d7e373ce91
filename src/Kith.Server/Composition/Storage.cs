using Kith.Server.Http;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class StorageComposition
{
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, KithOptions options) => services
        .AddSingleton<DataFolderLock>()
        .AddSingleton<SqlDatabase>(_ => new SqliteDatabase(Path.Combine(options.Data, "kith.db")))
        // A write that writes nothing: the disk is there, and no one else keeps the database locked.
        .AddSingleton(s => new Dependency("database", ct => s.GetRequiredService<SqlDatabase>().WriteAsync(_ => Task.CompletedTask, ct)));
}

using Kith.Engine;
using Kith.Engine.Admin;
using Kith.Engine.Export;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Engine.Presence;
using Kith.Engine.Unread;
using Kith.Server.Configuration;
using Kith.Server.Http;
using Kith.Storage.Cassandra;
using Kith.Storage.Cassandra.Admin;
using Kith.Storage.Cassandra.Import;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Cassandra.Presence;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Admin;
using Kith.Storage.Sql.Import;
using Kith.Storage.Sql.Messages;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kith.Server.Composition;

static class CassandraComposition
{
    /// <summary>Takes the place of what keeps messages, mentions and last seen in MySql.</summary>
    public static IServiceCollection AddCassandra(this IServiceCollection services, KithOptions options)
    {
        if (!options.Cassandra.IsSet) return services;
        services.Replace(ServiceDescriptor.Singleton<IMessageStore>(s => s.GetRequiredService<CassandraMessageStore>()));
        services.Replace(ServiceDescriptor.Singleton<IMentionStore>(s => new CassandraMentionStore(
            s.GetRequiredService<CassandraDatabase>(), new SqlMentionStore(s.GetRequiredService<SqlDatabase>()), s.GetRequiredService<IReadStateStore>())));
        services.Replace(ServiceDescriptor.Singleton<IReactionStore>(s => new CassandraReactionStore(
            new SqlReactionStore(s.GetRequiredService<SqlDatabase>()), s.GetRequiredService<IMessageStore>())));
        services.Replace(ServiceDescriptor.Singleton<IPinStore>(s => new CassandraPinStore(
            new SqlPinStore(s.GetRequiredService<SqlDatabase>()), s.GetRequiredService<CassandraMessageStore>())));
        services.Replace(ServiceDescriptor.Singleton<ILastSeenStore, CassandraLastSeenStore>());
        services.Replace(ServiceDescriptor.Singleton<ISearchIndex, CassandraMessageScan>());
        services.Replace(ServiceDescriptor.Singleton<IMessageArchive, CassandraMessageArchive>());
        services.Replace(ServiceDescriptor.Singleton<IAdminStore>(s => new CassandraAdminStore(new SqlAdminStore(s.GetRequiredService<SqlDatabase>()), s.GetRequiredService<ILastSeenStore>())));
        services.Replace(ServiceDescriptor.Singleton<IImportStore>(s => ActivatorUtilities.CreateInstance<CassandraImportStore>(
            s, new SqlImportStore(s.GetRequiredService<SqlDatabase>()), new SqlImportReservations((MySqlDatabase)s.GetRequiredService<SqlDatabase>()))));
        return services
            .AddSingleton<CassandraDatabase>()
            .AddSingleton(s => new SqlMessageLedger((MySqlDatabase)s.GetRequiredService<SqlDatabase>()))
            .AddSingleton<CassandraMessageStore>()
            .AddSingleton<IMessagePlacement>(s => s.GetRequiredService<CassandraMessageStore>())
            .AddSingleton(s => new StoreUpgrade(ct => UpgradeAsync(s, ct)))
            .AddSingleton(s => new Dependency("cassandra", s.GetRequiredService<CassandraDatabase>().CheckAsync));
    }

    static async Task UpgradeAsync(IServiceProvider services, CancellationToken ct)
    {
        if (await services.GetRequiredService<SqlMessageLedger>().HasMessagesAsync(ct))
            throw new DatabaseRefusedException("MySql has messages of its own, which Cassandra would hide: leave Cassandra:ContactPoints empty, or begin with an empty database.");
        await services.GetRequiredService<CassandraDatabase>().MigrateAsync(services.GetRequiredService<ISharedLocks>(), ct);
    }
}

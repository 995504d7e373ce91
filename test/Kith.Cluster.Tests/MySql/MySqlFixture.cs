using Kith.Cluster.Tests.MySql;
using Kith.Storage.Sql;
using Kith.Testing;

[assembly: AssemblyFixture(typeof(MySqlFixture))]

namespace Kith.Cluster.Tests.MySql;

/// <summary>One MariaDB and one migrated database for all contract suites.</summary>
public sealed class MySqlFixture : IAsyncLifetime
{
    public MariaDb Server { get; private set; } = null!;

    public MySqlDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await MariaDb.StartAsync("kith");
        Database = new MySqlDatabase(Server.ConnectionString("kith"));
        await Database.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Server.DisposeAsync();
    }
}

using Kith.Engine.Tests.Sqlite;
using Kith.Storage.Sql;
using Kith.Testing;

[assembly: AssemblyFixture(typeof(SqliteFixture))]

namespace Kith.Engine.Tests.Sqlite;

/// <summary>One migrated database for all contract suites of the embedded store.</summary>
public sealed class SqliteFixture : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();

    public SqliteDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = new SqliteDatabase(Path.Combine(folder.Path, "kith.db"));
        await Database.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        folder.Dispose();
    }
}

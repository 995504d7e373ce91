using Kith.Cluster.InProcess;
using Kith.Contracts.Presence;
using Kith.Engine.Presence;
using Kith.Engine.Tests.Sqlite;
using Kith.Storage.Sql.Presence;

namespace Kith.Engine.Tests.Presence;

public sealed class InProcessPresenceDirectoryTests : PresenceDirectoryContract
{
    protected override ValueTask<IPresenceDirectory> DirectoryAsync() => new(new InProcessPresenceDirectory());
}

public sealed class SqliteLastSeenStoreTests(SqliteFixture sqlite) : LastSeenStoreContract, IClassFixture<SqliteFixture>
{
    protected override ValueTask<ILastSeenStore> StoreAsync() => new(new SqlLastSeenStore(sqlite.Database));
}

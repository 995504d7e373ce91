using Kith.Cluster.InProcess;
using Kith.Contracts.Presence;
using Kith.Contracts.Sql;
using Kith.Engine.Presence;
using Kith.Engine.Tests.Sqlite;

namespace Kith.Engine.Tests.Presence;

public sealed class InProcessPresenceDirectoryTests : PresenceDirectoryContract
{
    protected override ValueTask<IPresenceDirectory> DirectoryAsync() => new(new InProcessPresenceDirectory());
}

public sealed class SqliteLastSeenStoreTests(SqliteFixture sqlite) : SqlLastSeenStoreSuite(sqlite.Database), IClassFixture<SqliteFixture>;

using Kith.Contracts.Sql;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteMessageStoreTests(SqliteFixture sqlite) : SqlMessageStoreSuite(sqlite.Database);

public sealed class SqliteReadStateStoreTests(SqliteFixture sqlite) : SqlReadStateStoreSuite(sqlite.Database);

public sealed class SqliteReceiptStoreTests(SqliteFixture sqlite) : SqlReceiptStoreSuite(sqlite.Database);

public sealed class SqliteReactionStoreTests(SqliteFixture sqlite) : SqlReactionStoreSuite(sqlite.Database);

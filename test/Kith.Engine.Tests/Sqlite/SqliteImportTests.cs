using Kith.Contracts.Sql;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteImportStoreTests(SqliteFixture sqlite) : SqlImportStoreSuite(sqlite.Database);

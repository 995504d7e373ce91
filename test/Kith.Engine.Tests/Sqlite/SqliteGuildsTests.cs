using Kith.Contracts.Sql;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteGuildStoreTests(SqliteFixture sqlite) : SqlGuildStoreSuite(sqlite.Database);

public sealed class SqliteMemberStoreTests(SqliteFixture sqlite) : SqlMemberStoreSuite(sqlite.Database);

public sealed class SqliteBanStoreTests(SqliteFixture sqlite) : SqlBanStoreSuite(sqlite.Database);

public sealed class SqliteAuditLogStoreTests(SqliteFixture sqlite) : SqlAuditLogStoreSuite(sqlite.Database);

public sealed class SqliteInviteStoreTests(SqliteFixture sqlite) : SqlInviteStoreSuite(sqlite.Database);

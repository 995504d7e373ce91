using Kith.Contracts.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlGuildStoreTests(MySqlFixture mysql) : SqlGuildStoreSuite(mysql.Database);

public sealed class MySqlMemberStoreTests(MySqlFixture mysql) : SqlMemberStoreSuite(mysql.Database);

public sealed class MySqlBanStoreTests(MySqlFixture mysql) : SqlBanStoreSuite(mysql.Database);

public sealed class MySqlAuditLogStoreTests(MySqlFixture mysql) : SqlAuditLogStoreSuite(mysql.Database);

public sealed class MySqlInviteStoreTests(MySqlFixture mysql) : SqlInviteStoreSuite(mysql.Database);

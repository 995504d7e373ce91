using Kith.Contracts.Sql;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqlitePushSubscriptionStoreTests(SqliteFixture sqlite) : SqlPushSubscriptionStoreSuite(sqlite.Database);

public sealed class SqlitePushNoticeStoreTests(SqliteFixture sqlite) : SqlPushNoticeStoreSuite(sqlite.Database);

public sealed class SqlitePushAudienceStoreTests(SqliteFixture sqlite) : SqlPushAudienceStoreSuite(sqlite.Database);

public sealed class SqlitePushDigestStoreTests(SqliteFixture sqlite) : SqlPushDigestStoreSuite(sqlite.Database);

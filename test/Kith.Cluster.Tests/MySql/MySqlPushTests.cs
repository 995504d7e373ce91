using Kith.Contracts.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlPushSubscriptionStoreTests(MySqlFixture mysql) : SqlPushSubscriptionStoreSuite(mysql.Database);

public sealed class MySqlPushNoticeStoreTests(MySqlFixture mysql) : SqlPushNoticeStoreSuite(mysql.Database);

public sealed class MySqlPushAudienceStoreTests(MySqlFixture mysql) : SqlPushAudienceStoreSuite(mysql.Database);

public sealed class MySqlPushDigestStoreTests(MySqlFixture mysql) : SqlPushDigestStoreSuite(mysql.Database);

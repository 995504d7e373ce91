using Kith.Contracts.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlImportStoreTests(MySqlFixture mysql) : SqlImportStoreSuite(mysql.Database);

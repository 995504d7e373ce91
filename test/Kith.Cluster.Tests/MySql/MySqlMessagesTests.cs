using Kith.Contracts.Messages;
using Kith.Contracts.Sql;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlMessageStoreTests(MySqlFixture mysql) : SqlMessageStoreSuite(mysql.Database);

public sealed class MySqlReadStateStoreTests(MySqlFixture mysql) : SqlReadStateStoreSuite(mysql.Database);

public sealed class MySqlReceiptStoreTests(MySqlFixture mysql) : SqlReceiptStoreSuite(mysql.Database);

public sealed class MySqlReactionStoreTests(MySqlFixture mysql) : SqlReactionStoreSuite(mysql.Database);

public sealed class MySqlMessagePlacementTests(MySqlFixture mysql) : MessagePlacementContract
{
    protected override ValueTask<(IMessagePlacement Placement, IMessageStore Messages, IMentionStore Mentions)> StoresAsync() =>
        new((new SqlMessagePlacement(mysql.Database), new SqlMessageStore(mysql.Database, TimeProvider.System), new SqlMentionStore(mysql.Database)));
}

using Kith.Contracts.Messages;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlMessageStoreTests(MySqlFixture mysql) : MessageStoreContract
{
    protected override ValueTask<IMessageStore> StoreAsync() => new(new SqlMessageStore(mysql.Database, TimeProvider.System));

    protected override ValueTask<IMentionStore> MentionsAsync() => new(new SqlMentionStore(mysql.Database));
}

public sealed class MySqlReadStateStoreTests(MySqlFixture mysql) : ReadStateStoreContract
{
    protected override ValueTask<IReadStateStore> StoreAsync() => new(new SqlReadStateStore(mysql.Database));
}

public sealed class MySqlReceiptStoreTests(MySqlFixture mysql) : ReceiptStoreContract
{
    protected override ValueTask<IReceiptStore> StoreAsync() => new(new SqlReceiptStore(mysql.Database));
}

public sealed class MySqlReactionStoreTests(MySqlFixture mysql) : ReactionStoreContract
{
    protected override ValueTask<(IMessageStore Messages, IReactionStore Reactions)> StoresAsync() =>
        new((new SqlMessageStore(mysql.Database, TimeProvider.System), new SqlReactionStore(mysql.Database)));
}

public sealed class MySqlMessagePlacementTests(MySqlFixture mysql) : MessagePlacementContract
{
    protected override ValueTask<(IMessagePlacement Placement, IMessageStore Messages, IMentionStore Mentions)> StoresAsync() =>
        new((new SqlMessagePlacement(mysql.Database), new SqlMessageStore(mysql.Database, TimeProvider.System), new SqlMentionStore(mysql.Database)));
}

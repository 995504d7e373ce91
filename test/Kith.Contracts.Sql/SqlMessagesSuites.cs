using Kith.Contracts.Messages;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;

namespace Kith.Contracts.Sql;

public abstract class SqlMessageStoreSuite(SqlDatabase database) : MessageStoreContract
{
    protected override ValueTask<IMessageStore> StoreAsync() => new(new SqlMessageStore(database, TimeProvider.System));

    protected override ValueTask<IMentionStore> MentionsAsync() => new(new SqlMentionStore(database));
}

public abstract class SqlReadStateStoreSuite(SqlDatabase database) : ReadStateStoreContract
{
    protected override ValueTask<IReadStateStore> StoreAsync() => new(new SqlReadStateStore(database));
}

public abstract class SqlReceiptStoreSuite(SqlDatabase database) : ReceiptStoreContract
{
    protected override ValueTask<IReceiptStore> StoreAsync() => new(new SqlReceiptStore(database));
}

public abstract class SqlReactionStoreSuite(SqlDatabase database) : ReactionStoreContract
{
    protected override ValueTask<(IMessageStore Messages, IReactionStore Reactions)> StoresAsync() =>
        new((new SqlMessageStore(database, TimeProvider.System), new SqlReactionStore(database)));
}

using Kith.Contracts.Messages;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteMessageStoreTests(SqliteFixture sqlite) : MessageStoreContract
{
    protected override ValueTask<IMessageStore> StoreAsync() => new(new SqlMessageStore(sqlite.Database, TimeProvider.System));

    protected override ValueTask<IMentionStore> MentionsAsync() => new(new SqlMentionStore(sqlite.Database));
}

public sealed class SqliteReadStateStoreTests(SqliteFixture sqlite) : ReadStateStoreContract
{
    protected override ValueTask<IReadStateStore> StoreAsync() => new(new SqlReadStateStore(sqlite.Database));
}

public sealed class SqliteReceiptStoreTests(SqliteFixture sqlite) : ReceiptStoreContract
{
    protected override ValueTask<IReceiptStore> StoreAsync() => new(new SqlReceiptStore(sqlite.Database));
}

public sealed class SqliteReactionStoreTests(SqliteFixture sqlite) : ReactionStoreContract
{
    protected override ValueTask<(IMessageStore Messages, IReactionStore Reactions)> StoresAsync() =>
        new((new SqlMessageStore(sqlite.Database, TimeProvider.System), new SqlReactionStore(sqlite.Database)));
}

using Kith.Contracts.Messages;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Cassandra.Tests.Messages;

public sealed class CassandraMessageStoreTests(CassandraFixture cassandra) : MessageStoreContract
{
    protected override ValueTask<IMessageStore> StoreAsync() => new(cassandra.Messages);

    protected override ValueTask<IMentionStore> MentionsAsync() => new(cassandra.Mentions);
}

public sealed class CassandraReactionStoreTests(CassandraFixture cassandra) : ReactionStoreContract
{
    protected override ValueTask<(IMessageStore Messages, IReactionStore Reactions)> StoresAsync() =>
        new((cassandra.Messages, new CassandraReactionStore(new SqlReactionStore(cassandra.MySql), cassandra.Messages)));
}

public sealed class CassandraMessagePlacementTests(CassandraFixture cassandra) : MessagePlacementContract
{
    protected override ValueTask<(IMessagePlacement Placement, IMessageStore Messages, IMentionStore Mentions)> StoresAsync()
    {
        var store = cassandra.Messages;
        return new((store, store, cassandra.Mentions));
    }
}

using Kith.Contracts.Presence;
using Kith.Engine.Presence;
using Kith.Storage.Cassandra.Presence;

namespace Kith.Cassandra.Tests.Presence;

public sealed class CassandraLastSeenStoreTests(CassandraFixture cassandra) : LastSeenStoreContract
{
    protected override ValueTask<ILastSeenStore> StoreAsync() => new(new CassandraLastSeenStore(cassandra.Database));
}

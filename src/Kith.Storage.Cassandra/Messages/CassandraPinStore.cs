using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>The list of pins stays relational and decides; the message's own mark follows, again should it have been missed the first time.</summary>
public sealed class CassandraPinStore(SqlPinStore list, CassandraMessageStore messages) : IPinStore
{
    public async Task<bool?> AddAsync(ChannelId channel, MessageId message, DateTimeOffset at, int most, CancellationToken ct)
    {
        if (await messages.FindAsync(channel, message, ct) is null) return false;
        var added = await list.AddKnownAsync(channel, message, at, most, ct);
        if (added is not null) await messages.PinAsync(channel, message, pinned: true, ct);
        return added;
    }

    public async Task<bool> RemoveAsync(ChannelId channel, MessageId message, CancellationToken ct)
    {
        var removed = await list.RemoveAsync(channel, message, ct);
        await messages.PinAsync(channel, message, pinned: false, ct);
        return removed;
    }

    public Task<IReadOnlyList<PinRecord>> ListAsync(ChannelId channel, DateTimeOffset before, int limit, CancellationToken ct) => list.ListAsync(channel, before, limit, ct);
}

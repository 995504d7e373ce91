using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Engine.Unread;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Direct mentions, one partition for each user; broadcasts stay in <paramref name="broadcasts"/>, where those of many channels are one query.</summary>
public sealed class CassandraMentionStore(CassandraDatabase database, IMentionStore broadcasts, IReadStateStore marks) : IMentionStore
{
    const int Page = 1000;

    public async Task<IReadOnlyList<MessageKey>> UnreadDirectAsync(UserId user, CancellationToken ct)
    {
        var read = (await marks.OfUserAsync(user, ct)).ToDictionary(m => m.ChannelId, m => m.LastRead);
        List<MessageKey> unread = [];
        await foreach (var row in database.StreamAsync("SELECT message_id, channel_id FROM mentions_by_user WHERE user_id = ?", Page, ct, user.Value))
        {
            var key = new MessageKey(new ChannelId(row.GetValue<long>(1)), new MessageId(row.GetValue<long>(0)));
            if (key.Message > read.GetValueOrDefault(key.Channel)) unread.Add(key);
        }

        return unread;
    }

    public async Task<IReadOnlyList<MessageKey>> OfUserAsync(UserId user, MessageId before, int limit, CancellationToken ct) => [.. (await database.ReadAsync(
        "SELECT message_id, channel_id FROM mentions_by_user WHERE user_id = ? AND message_id < ? LIMIT ?", ct, user.Value, before.Value, limit))
        .Select(r => new MessageKey(new ChannelId(r.GetValue<long>(1)), new MessageId(r.GetValue<long>(0))))];

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsAsync(IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct) => broadcasts.BroadcastsAsync(spans, ct);

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsBeforeAsync(IReadOnlyCollection<ChannelId> channels, MessageId before, int limit, CancellationToken ct) =>
        broadcasts.BroadcastsBeforeAsync(channels, before, limit, ct);
}

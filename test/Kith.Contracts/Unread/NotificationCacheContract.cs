using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Engine.Unread;
using Xunit;

namespace Kith.Contracts.Unread;

/// <summary>The list that caches are built from, as a test sets it.</summary>
public sealed class ListedMentions : IMentionStore
{
    public List<MessageKey> Unread { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Held up until this completes, after the list was read.</summary>
    public Task Delay { get; set; } = Task.CompletedTask;

    public async Task<IReadOnlyList<MessageKey>> UnreadDirectAsync(UserId user, CancellationToken ct)
    {
        MessageKey[] read = [.. Unread];
        Reads++;
        await Delay.WaitAsync(ct);
        return read;
    }

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsAsync(IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageKey>> OfUserAsync(UserId user, MessageId before, int limit, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsBeforeAsync(IReadOnlyCollection<ChannelId> channels, MessageId before, int limit, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>What every notification cache promises.</summary>
public abstract class NotificationCacheContract
{
    protected abstract ValueTask<INotificationCache> CacheAsync(IMentionStore mentions);

    [Fact]
    public async Task What_was_read_is_kept_until_it_is_forgotten()
    {
        var (mentions, user, first, second) = (new ListedMentions(), new UserId(TestIds.Next()), NewKey(), NewKey());
        var cache = await CacheAsync(mentions);
        Assert.Empty(await cache.GetAsync(user, default));
        mentions.Unread.Add(first);
        await cache.ForgetAsync([user], default);
        Assert.Equal([first], await cache.GetAsync(user, default));
        var reads = mentions.Reads;
        mentions.Unread.Add(second);
        Assert.Equal([first], await cache.GetAsync(user, default));
        Assert.Equal(reads, mentions.Reads);
        await cache.ForgetAsync([user], default);
        Assert.Equal([first, second], await cache.GetAsync(user, default));
        mentions.Unread.Clear();
        await cache.ClearAsync(default);
        Assert.Empty(await cache.GetAsync(user, default));
    }

    [Fact]
    public async Task A_rebuild_that_a_change_overtook_is_not_kept()
    {
        var (mentions, user, late) = (new ListedMentions(), new UserId(TestIds.Next()), NewKey());
        var (cache, gate) = (await CacheAsync(mentions), new TaskCompletionSource());
        mentions.Delay = gate.Task;
        var reading = cache.GetAsync(user, default).AsTask();
        while (mentions.Reads == 0)
            await Task.Yield();
        mentions.Unread.Add(late);
        await cache.ForgetAsync([user], default);
        gate.SetResult();
        await reading;
        Assert.Equal([late], await cache.GetAsync(user, default));
    }

    [Fact]
    public async Task After_a_commit_the_new_mention_counts()
    {
        var (mentions, user, mention) = (new ListedMentions(), new UserId(TestIds.Next()), NewKey());
        var cache = await CacheAsync(mentions);
        await cache.GetAsync(user, default);
        await cache.HoldAsync([user], default);
        await cache.GetAsync(user, default);
        mentions.Unread.Add(mention);
        await cache.ReleaseAsync([user], default);
        Assert.Equal([mention], await cache.GetAsync(user, default));
    }

    static MessageKey NewKey() => new(new ChannelId(TestIds.Next()), new MessageId(TestIds.Next()));
}

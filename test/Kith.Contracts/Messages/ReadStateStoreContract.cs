using Kith.Domain;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;
using Xunit;

namespace Kith.Contracts.Messages;

/// <summary>What every store of read marks keeps.</summary>
public abstract class ReadStateStoreContract
{
    static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    protected abstract ValueTask<IReadStateStore> StoreAsync();

    static long NextId() => TestIds.Next();

    static Dictionary<ChannelId, MessageId> To(ChannelId channel, long message) => new() { [channel] = new(message) };

    [Fact]
    public async Task A_mark_moves_forward_and_not_back()
    {
        var (store, user, channel) = (await StoreAsync(), new UserId(NextId()), new ChannelId(NextId()));
        Assert.Equal(1, Assert.Single(await store.MoveAsync(user, To(channel, 10), manual: false, Now, default)).Version);
        Assert.Empty(await store.MoveAsync(user, To(channel, 9), manual: false, Now, default));
        Assert.Empty(await store.MoveAsync(user, To(channel, 10), manual: false, Now, default));
        Assert.Equal(2, Assert.Single(await store.MoveAsync(user, To(channel, 11), manual: false, Now, default)).Version);
        Assert.Equal(new ReadMark(channel, new MessageId(11), Now, 2), await store.FindAsync(user, channel, default));
    }

    [Fact]
    public async Task A_manual_mark_moves_back()
    {
        var (store, user, channel) = (await StoreAsync(), new UserId(NextId()), new ChannelId(NextId()));
        await store.MoveAsync(user, To(channel, 10), manual: false, Now, default);
        Assert.Equal(new MessageId(5), Assert.Single(await store.MoveAsync(user, To(channel, 5), manual: true, Now, default)).LastRead);
        Assert.Empty(await store.MoveAsync(user, To(channel, 5), manual: true, Now, default));
        Assert.Equal(new MessageId(5), (await store.FindAsync(user, channel, default))!.LastRead);
    }

    [Fact]
    public async Task Marks_are_kept_per_user_and_channel()
    {
        var (store, user) = (await StoreAsync(), new UserId(NextId()));
        var channels = Enumerable.Range(0, 5).Select(_ => new ChannelId(NextId())).ToArray();
        await store.MoveAsync(user, channels.ToDictionary(c => c, c => new MessageId(c.Value)), manual: false, Now, default);
        await store.MoveAsync(new UserId(NextId()), To(channels[0], long.MaxValue), manual: false, Now, default);
        Assert.Equal(channels.ToDictionary(c => c, c => new MessageId(c.Value)), (await store.OfUserAsync(user, default)).ToDictionary(m => m.ChannelId, m => m.LastRead));
    }

    [Fact]
    public async Task Of_concurrent_moves_the_furthest_wins()
    {
        var (store, user, channel) = (await StoreAsync(), new UserId(NextId()), new ChannelId(NextId()));
        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => store.MoveAsync(user, To(channel, (i * 37 % 50) + 1), manual: false, Now, default)));
        Assert.Equal(new MessageId(50), (await store.FindAsync(user, channel, default))!.LastRead);
    }
}

/// <summary>What every store of receipts keeps.</summary>
public abstract class ReceiptStoreContract
{
    protected abstract ValueTask<IReceiptStore> StoreAsync();

    static long NextId() => TestIds.Next();

    [Fact]
    public async Task Watermarks_rise_each_for_itself_and_never_fall()
    {
        var (store, channel, user) = (await StoreAsync(), new ChannelId(NextId()), new UserId(NextId()));
        await store.RaiseAsync([new ReceiptRecord(channel, user, new MessageId(5), default)], default);
        await store.RaiseAsync([new ReceiptRecord(channel, user, new MessageId(4), new MessageId(3))], default);
        await store.RaiseAsync([new ReceiptRecord(channel, user, new MessageId(7), new MessageId(2))], default);
        Assert.Equal(new ReceiptRecord(channel, user, new MessageId(7), new MessageId(3)), Assert.Single(await store.OfChannelAsync(channel, default)));
    }

    [Fact]
    public async Task A_channel_has_one_row_per_participant()
    {
        var (store, channel) = (await StoreAsync(), new ChannelId(NextId()));
        var users = Enumerable.Range(0, 3).Select(_ => new UserId(NextId())).ToArray();
        await store.RaiseAsync([.. users.Select(u => new ReceiptRecord(channel, u, new MessageId(1), new MessageId(1)))], default);
        await store.RaiseAsync([.. users.Select(u => new ReceiptRecord(channel, u, new MessageId(2), new MessageId(1)))], default);
        Assert.Equal(users, (await store.OfChannelAsync(channel, default)).Select(r => r.UserId));
    }
}

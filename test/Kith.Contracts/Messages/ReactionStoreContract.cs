using Kith.Domain;
using Kith.Engine.Messages;
using Xunit;

namespace Kith.Contracts.Messages;

/// <summary>What every store of reactions keeps.</summary>
public abstract class ReactionStoreContract
{
    static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    protected abstract ValueTask<(IMessageStore Messages, IReactionStore Reactions)> StoresAsync();

    static long NextId() => TestIds.Next();

    async Task<(IReactionStore Store, ChannelId Channel, MessageId Message)> MessageAsync()
    {
        var (messages, reactions) = await StoresAsync();
        var message = new MessageRecord { Id = new(NextId()), ChannelId = new(NextId()), AuthorId = new(NextId()), Content = "x", Timestamp = Now };
        await messages.InsertAsync([message], default);
        return (reactions, message.ChannelId, message.Id);
    }

    [Fact]
    public async Task A_reaction_counts_once_per_user()
    {
        var (store, channel, message) = await MessageAsync();
        var (me, other) = (new UserId(NextId()), new UserId(NextId()));
        Assert.True(await store.AddAsync(channel, message, "👍", me, Now, 20, default));
        Assert.False(await store.AddAsync(channel, message, "👍", me, Now, 20, default));
        Assert.True(await store.AddAsync(channel, message, "👍", other, Now, 20, default));
        Assert.True(await store.AddAsync(channel, message, "🎉", other, Now.AddSeconds(1), 20, default));
        Assert.Equal([new(message, "👍", 2, Me: true), new(message, "🎉", 1, Me: false)], await store.CountsAsync([message], me, default));
        Assert.Equal([me, other], await store.UsersAsync(message, "👍", default, 10, default));
        Assert.Equal([other], await store.UsersAsync(message, "👍", me, 10, default));
    }

    [Fact]
    public async Task Emojis_that_look_alike_are_kept_apart()
    {
        var (store, channel, message) = await MessageAsync();
        var me = new UserId(NextId());
        foreach (var emoji in new[] { "👍", "👍🏽", "❤", "❤️", "name:1", "NAME:1" })
            Assert.True(await store.AddAsync(channel, message, emoji, me, Now, 20, default));
        Assert.Equal(6, (await store.CountsAsync([message], me, default)).Count);
    }

    [Fact]
    public async Task More_kinds_than_allowed_are_refused_but_not_more_users()
    {
        var (store, channel, message) = await MessageAsync();
        Assert.True(await store.AddAsync(channel, message, "a:1", new(NextId()), Now, 2, default));
        Assert.True(await store.AddAsync(channel, message, "b:2", new(NextId()), Now, 2, default));
        Assert.Null(await store.AddAsync(channel, message, "c:3", new(NextId()), Now, 2, default));
        Assert.True(await store.AddAsync(channel, message, "b:2", new(NextId()), Now, 2, default));
    }

    [Fact]
    public async Task A_deleted_message_takes_no_reaction()
    {
        var (messages, reactions) = await StoresAsync();
        var message = new MessageRecord { Id = new(NextId()), ChannelId = new(NextId()), AuthorId = new(NextId()), Content = "x", Timestamp = Now };
        await messages.InsertAsync([message], default);
        await reactions.AddAsync(message.ChannelId, message.Id, "👍", new(NextId()), Now, 20, default);
        await messages.DeleteAsync(message.ChannelId, [message.Id], default);
        Assert.Empty(await reactions.CountsAsync([message.Id], default, default));
        Assert.False(await reactions.AddAsync(message.ChannelId, message.Id, "👍", new(NextId()), Now, 20, default));
    }

    [Fact]
    public async Task Reactions_are_removed_singly_by_emoji_and_all_at_once()
    {
        var (store, channel, message) = await MessageAsync();
        var users = Enumerable.Range(0, 3).Select(_ => new UserId(NextId())).ToArray();
        foreach (var user in users)
        {
            await store.AddAsync(channel, message, "👍", user, Now, 20, default);
            await store.AddAsync(channel, message, "🎉", user, Now, 20, default);
            await store.AddAsync(channel, message, "🐟", user, Now, 20, default);
        }

        Assert.True(await store.RemoveAsync(message, "👍", users[0], default));
        Assert.False(await store.RemoveAsync(message, "👍", users[0], default));
        Assert.True(await store.ClearAsync(message, "🎉", default));
        Assert.Equal(["🐟", "👍"], (await store.CountsAsync([message], default, default)).Select(c => c.Emoji).Order(StringComparer.Ordinal));
        Assert.True(await store.ClearAsync(message, emoji: null, default));
        Assert.False(await store.ClearAsync(message, emoji: null, default));
    }
}

using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.Messages;

/// <summary>What every store of messages keeps. Each test works in channels of its own, so adapters may share one database among all tests.</summary>
public abstract class MessageStoreContract
{
    protected abstract ValueTask<IMessageStore> StoreAsync();

    protected abstract ValueTask<IMentionStore> MentionsAsync();

    static long NextId() => TestIds.Next();

    static ChannelId NewChannel() => new(NextId());

    static UserId NewUser() => new(NextId());

    static MessageRecord Text(ChannelId channel, UserId author, string content = "text") => new()
    {
        Id = new MessageId(NextId()), ChannelId = channel, AuthorId = author, Content = content,
        Timestamp = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero),
    };

    static async Task<MessageRecord[]> FillAsync(IMessageStore store, ChannelId channel, UserId author, int count)
    {
        var messages = Enumerable.Range(0, count).Select(i => Text(channel, author, $"message {i}")).ToArray();
        await store.InsertAsync(messages, default);
        return messages;
    }

    [Fact]
    public async Task A_stored_message_is_read_back_whole()
    {
        var store = await StoreAsync();
        var message = Text(NewChannel(), NewUser(), "Grüße, 世界 👋 \"'; DROP TABLE messages; --") with
        {
            Type = MessageType.Reply,
            Flags = MessageFlags.SuppressEmbeds,
            Mentions = new MentionSet([NewUser(), NewUser()], [new RoleId(NextId())], Everyone: true),
            Parts = new MessageParts
            {
                Tts = true,
                Embeds = [new Embed { Title = "title", Fields = [new EmbedField("name", "value", Inline: true)] }],
                Reference = new MessageReference { ChannelId = NewChannel(), MessageId = new MessageId(NextId()) },
            },
        };
        Assert.Equal([message.Id], await store.InsertAsync([message], default));
        var read = await store.FindAsync(message.ChannelId, message.Id, default);
        Assert.NotNull(read);
        Assert.Equal((message.Content, message.Type, message.Flags, message.Timestamp), (read.Content, read.Type, read.Flags, read.Timestamp));
        Assert.Equal(message.Mentions.Users, read.Mentions.Users);
        Assert.Equal(message.Mentions.Roles, read.Mentions.Roles);
        Assert.True(read.Mentions.Everyone);
        Assert.True(read.Parts.Tts);
        Assert.Equal("value", read.Parts.Embeds[0].Fields![0].Value);
        Assert.Equal(message.Parts.Reference, read.Parts.Reference);
    }

    [Fact]
    public async Task A_message_is_not_found_in_another_channel()
    {
        var store = await StoreAsync();
        var message = (await FillAsync(store, NewChannel(), NewUser(), 1))[0];
        Assert.Null(await store.FindAsync(NewChannel(), message.Id, default));
        Assert.Empty(await store.FindManyAsync(NewChannel(), [message.Id], default));
    }

    [Fact]
    public async Task A_repeated_nonce_gives_the_first_message_and_stores_no_second()
    {
        var store = await StoreAsync();
        var first = Text(NewChannel(), NewUser()) with { Nonce = "key" };
        var second = Text(first.ChannelId, first.AuthorId) with { Nonce = "key" };
        Assert.Equal([first.Id], await store.InsertAsync([first], default));
        Assert.Equal([first.Id], await store.InsertAsync([second], default));
        Assert.Null(await store.FindAsync(first.ChannelId, second.Id, default));
    }

    [Fact]
    public async Task A_nonce_repeated_within_one_batch_gives_the_first_message()
    {
        var store = await StoreAsync();
        var first = Text(NewChannel(), NewUser()) with { Nonce = "key" };
        var second = Text(first.ChannelId, first.AuthorId) with { Nonce = "key" };
        Assert.Equal([first.Id, first.Id], await store.InsertAsync([first, second], default));
    }

    [Fact]
    public async Task A_nonce_of_another_author_or_channel_is_another_nonce()
    {
        var store = await StoreAsync();
        var first = Text(NewChannel(), NewUser()) with { Nonce = "key" };
        var byAnother = Text(first.ChannelId, NewUser()) with { Nonce = "key" };
        var elsewhere = Text(NewChannel(), first.AuthorId) with { Nonce = "key" };
        MessageRecord[] all = [first, byAnother, elsewhere];
        Assert.Equal(all.Select(m => m.Id), await store.InsertAsync(all, default));
    }

    [Fact]
    public async Task A_hundred_concurrent_sends_with_one_nonce_store_one_message()
    {
        var store = await StoreAsync();
        var (channel, author) = (NewChannel(), NewUser());
        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => store.InsertAsync([Text(channel, author) with { Nonce = "key" }], default)));
        Assert.Single(ids.SelectMany(i => i).Distinct());
        Assert.Single(await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 50, default));
    }

    [Theory]
    [InlineData(PageDirection.Before, 5, 3, new[] { 4, 3, 2 })]
    [InlineData(PageDirection.Before, 1, 3, new[] { 0 })]
    [InlineData(PageDirection.Before, 0, 3, new int[0])]
    [InlineData(PageDirection.After, 5, 3, new[] { 8, 7, 6 })]
    [InlineData(PageDirection.After, 8, 3, new[] { 9 })]
    [InlineData(PageDirection.After, 9, 3, new int[0])]
    [InlineData(PageDirection.Around, 5, 4, new[] { 6, 5, 4, 3 })]
    [InlineData(PageDirection.Around, 5, 5, new[] { 7, 6, 5, 4, 3 })]
    [InlineData(PageDirection.Around, 0, 4, new[] { 1, 0 })]
    [InlineData(PageDirection.Around, 9, 1, new[] { 9 })]
    public async Task A_page_holds_the_messages_nearest_to_its_anchor_newest_first(PageDirection direction, int anchor, int limit, int[] expected)
    {
        var store = await StoreAsync();
        var channel = NewChannel();
        var messages = await FillAsync(store, channel, NewUser(), 10);
        await FillAsync(store, NewChannel(), NewUser(), 3);
        var page = await store.PageAsync(channel, direction, messages[anchor].Id, limit, default);
        Assert.Equal(expected.Select(i => messages[i].Id), page.Select(m => m.Id));
    }

    [Fact]
    public async Task Pages_from_the_newest_on_meet_every_message_once()
    {
        var store = await StoreAsync();
        var channel = NewChannel();
        var messages = await FillAsync(store, channel, NewUser(), 137);
        List<MessageId> seen = [];
        var anchor = new MessageId(long.MaxValue);
        while (await store.PageAsync(channel, PageDirection.Before, anchor, 20, default) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(m => m.Id));
            anchor = page[^1].Id;
        }

        Assert.Equal(messages.Select(m => m.Id).Reverse(), seen);
    }

    [Fact]
    public async Task An_edit_changes_text_and_parts_and_leaves_the_mentions_that_count()
    {
        var store = await StoreAsync();
        var mentioned = NewUser();
        var message = Text(NewChannel(), NewUser()) with { Mentions = new MentionSet([mentioned], [], Everyone: false) };
        await store.InsertAsync([message], default);
        var edited = message with
        {
            Content = "edited", EditedTimestamp = message.Timestamp.AddSeconds(1), Flags = MessageFlags.SuppressEmbeds,
            Parts = new MessageParts { EditedMentions = MentionSet.None },
        };
        Assert.True(await store.UpdateAsync(edited, default));
        var read = await store.FindAsync(message.ChannelId, message.Id, default);
        Assert.Equal(("edited", edited.EditedTimestamp, edited.Flags), (read!.Content, read.EditedTimestamp, read.Flags));
        Assert.Equal([mentioned], read.Mentions.Users);
        Assert.NotNull(read.Parts.EditedMentions);
    }

    [Fact]
    public async Task An_edit_of_a_deleted_message_says_so()
    {
        var store = await StoreAsync();
        var message = (await FillAsync(store, NewChannel(), NewUser(), 1))[0];
        Assert.Single(await store.DeleteAsync(message.ChannelId, [message.Id], default));
        Assert.False(await store.UpdateAsync(message, default));
        Assert.Empty(await store.DeleteAsync(message.ChannelId, [message.Id], default));
    }

    [Fact]
    public async Task The_last_id_is_the_newest_that_is_left()
    {
        var store = await StoreAsync();
        var (channel, empty) = (NewChannel(), NewChannel());
        var messages = await FillAsync(store, channel, NewUser(), 3);
        await store.DeleteAsync(channel, [messages[2].Id], default);
        var last = await store.LastIdsAsync([channel, empty], default);
        Assert.Equal(messages[1].Id, last[channel]);
        Assert.False(last.ContainsKey(empty));
    }

    [Fact]
    public async Task A_count_covers_its_span_without_ones_own_messages()
    {
        var store = await StoreAsync();
        var (channel, me, other) = (NewChannel(), NewUser(), NewUser());
        var theirs = await FillAsync(store, channel, other, 4);
        await FillAsync(store, channel, me, 2);
        var later = await FillAsync(store, channel, other, 1);
        var spans = new Dictionary<ChannelId, MessageSpan> { [channel] = new(theirs[0].Id, later[0].Id) };
        Assert.Equal(4, (await store.CountAsync(me, spans, default))[channel]);
        spans[channel] = new MessageSpan(theirs[0].Id, theirs[2].Id);
        Assert.Equal(2, (await store.CountAsync(me, spans, default))[channel]);
        Assert.Equal(theirs[1].Id, await store.FirstAfterAsync(me, channel, theirs[0].Id, default));
        Assert.Null(await store.FirstAfterAsync(me, channel, later[0].Id, default));
    }

    [Fact]
    public async Task The_messages_of_an_author_are_found_newest_first()
    {
        var store = await StoreAsync();
        var (channel, author) = (NewChannel(), NewUser());
        var mine = await FillAsync(store, channel, author, 3);
        await FillAsync(store, channel, NewUser(), 2);
        Assert.Equal([mine[2].Id, mine[1].Id], await store.OfAuthorAsync(channel, author, mine[0].Id, 10, default));
    }

    [Fact]
    public async Task A_deleted_channel_has_no_messages_left()
    {
        var store = await StoreAsync();
        var (channel, kept) = (NewChannel(), NewChannel());
        await FillAsync(store, channel, NewUser(), 1500);
        await FillAsync(store, kept, NewUser(), 1);
        await store.DeleteChannelAsync(channel, default);
        Assert.Empty(await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 10, default));
        Assert.Single(await store.PageAsync(kept, PageDirection.Before, new MessageId(long.MaxValue), 10, default));
    }

    [Fact]
    public async Task A_direct_mention_is_listed_for_who_is_mentioned_until_its_message_is_deleted()
    {
        var (store, mentions) = (await StoreAsync(), await MentionsAsync());
        var (me, author) = (NewUser(), NewUser());
        var messages = Enumerable.Range(0, 3).Select(_ => Text(NewChannel(), author) with { Mentions = new MentionSet([me, author], [], Everyone: false) }).ToArray();
        await store.InsertAsync(messages, default);
        Assert.Equal(messages.Select(m => m.Id).Reverse(), (await mentions.OfUserAsync(me, new MessageId(long.MaxValue), 10, default)).Select(k => k.Message));
        Assert.Equal([messages[0].Id], (await mentions.OfUserAsync(me, messages[1].Id, 10, default)).Select(k => k.Message));
        // Naming oneself is no mention.
        Assert.Empty(await mentions.OfUserAsync(author, new MessageId(long.MaxValue), 10, default));
        await store.DeleteAsync(messages[1].ChannelId, [messages[1].Id], default);
        Assert.Equal([messages[2].Id, messages[0].Id], (await mentions.OfUserAsync(me, new MessageId(long.MaxValue), 10, default)).Select(k => k.Message));
        Assert.Equal(2, (await mentions.UnreadDirectAsync(me, default)).Count);
    }

    [Fact]
    public async Task A_broadcast_is_found_within_its_span_until_its_message_is_deleted()
    {
        var (store, mentions) = (await StoreAsync(), await MentionsAsync());
        var channel = NewChannel();
        var role = new RoleId(NextId());
        var toRole = Text(channel, NewUser()) with { Mentions = new MentionSet([], [role], Everyone: false) };
        var toAll = Text(channel, NewUser()) with { Mentions = new MentionSet([], [], Everyone: true) };
        await store.InsertAsync([toRole, toAll], default);
        var all = new Dictionary<ChannelId, MessageSpan> { [channel] = new(default, toAll.Id) };
        Assert.Equal([toRole.Id, toAll.Id], (await mentions.BroadcastsAsync(all, default)).Select(b => b.MessageId).Order(ById));
        var first = new Dictionary<ChannelId, MessageSpan> { [channel] = new(default, toRole.Id) };
        Assert.Equal([role], Assert.Single(await mentions.BroadcastsAsync(first, default)).Mentions.Roles);
        Assert.Equal([toAll.Id, toRole.Id], (await mentions.BroadcastsBeforeAsync([channel], new MessageId(long.MaxValue), 10, default)).Select(b => b.MessageId));
        await store.DeleteAsync(channel, [toAll.Id], default);
        Assert.Equal([toRole.Id], (await mentions.BroadcastsAsync(all, default)).Select(b => b.MessageId));
    }

    static readonly Comparer<MessageId> ById = Comparer<MessageId>.Create((a, b) => a.Value.CompareTo(b.Value));
}

using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.Messages;

/// <summary>What every store promises into which several processes write.</summary>
public abstract class MessagePlacementContract
{
    protected abstract ValueTask<(IMessagePlacement Placement, IMessageStore Messages, IMentionStore Mentions)> StoresAsync();

    [Fact]
    public async Task Two_processes_that_write_at_once_give_a_channel_one_order()
    {
        const int each = 150;
        var (one, store, _) = await StoresAsync();
        var (other, _, _) = await StoresAsync();
        var channel = NewChannel();
        var placed = (await Task.WhenAll(new[] { (one, 1), (other, 2) }.Select(process => Task.Run(() => WriteAsync(process.Item1, channel, new SnowflakeGenerator(process.Item2, TimeProvider.System), each)))))
            .SelectMany(p => p).OrderBy(p => p.Id.Value).ToArray();
        Assert.Equal(2 * each, placed.Length);
        // Each knows the one before it: no id was committed below one that was there already.
        for (var i = 0; i < placed.Length; i++)
            Assert.Equal(i == 0 ? default : placed[i - 1].Id, placed[i].Previous);
        Assert.Equal(placed[^1].Id, (await store.LastIdsAsync([channel], default))[channel]);
    }

    [Fact]
    public async Task Processes_that_take_turns_know_each_the_message_of_the_other()
    {
        var (one, _, _) = await StoresAsync();
        var (other, store, _) = await StoresAsync();
        var (busy, quiet) = (NewChannel(), NewChannel());
        // Runs of several lengths, and batches over a channel that only the one writes to.
        List<PlacedMessage> placed = [];
        for (var turn = 0; turn < 12; turn++)
        {
            var process = turn % 2 == 0 ? one : other;
            for (var n = 0; n <= turn % 5; n++)
                placed.AddRange(await PlaceAsync(process, Text(busy, new MessageId(TestIds.Next())), Refuse));
            if (process == one) placed.Add((await one.PlaceAsync([Text(quiet, new MessageId(TestIds.Next())), Text(busy, new MessageId(TestIds.Next()))], Refuse, default))[1]);
        }

        Assert.Equal([default, .. placed[..^1].Select(p => p.Id)], placed.Select(p => p.Previous));
        Assert.Equal(placed[^1].Id, (await store.LastIdsAsync([busy], default))[busy]);
    }

    [Fact]
    public async Task A_repeat_that_another_process_knows_has_the_place_of_the_first()
    {
        var (one, _, _) = await StoresAsync();
        var (other, store, _) = await StoresAsync();
        var channel = NewChannel();
        var before = Assert.Single(await PlaceAsync(one, Text(channel, new MessageId(TestIds.Next())), Refuse));
        var first = Text(channel, new MessageId(TestIds.Next())) with { Nonce = "n" };
        await PlaceAsync(other, first, Refuse);
        var placed = await one.PlaceAsync([first with { Id = new MessageId(TestIds.Next()) }, Text(channel, new MessageId(TestIds.Next()))], Refuse, default);
        Assert.Equal(new PlacedMessage(first.Id, first.Id, false), placed[0]);
        Assert.Equal((first.Id, true), (placed[1].Previous, placed[1].IsNew));
        Assert.Equal([placed[1].Id, first.Id, before.Id], (await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 10, default)).Select(m => m.Id));
    }

    [Fact]
    public async Task An_id_that_comes_too_late_is_replaced_by_a_newer_one_with_its_mentions()
    {
        var (placement, store, mentions) = await StoresAsync();
        var (channel, mentioned) = (NewChannel(), new UserId(TestIds.Next()));
        var (early, late) = (new MessageId(TestIds.Next()), new MessageId(TestIds.Next()));
        Assert.Equal(new PlacedMessage(late, default, true), Assert.Single(await PlaceAsync(placement, Text(channel, late), _ => throw new InvalidOperationException("It is in time."))));
        var message = Text(channel, early) with { Mentions = new MentionSet([mentioned], [], Everyone: false) };
        var above = new MessageId(late.Value + 5);
        Assert.Equal(new PlacedMessage(above, late, true), Assert.Single(await PlaceAsync(placement, message, tail => tail == late ? above : throw new InvalidOperationException($"{tail} is not the tail."))));
        Assert.Null(await store.FindAsync(channel, early, default));
        Assert.Equal([new MessageKey(channel, above)], await mentions.UnreadDirectAsync(mentioned, default));
    }

    [Fact]
    public async Task A_repeat_has_the_place_of_the_first_and_moves_nothing()
    {
        var (placement, _, _) = await StoresAsync();
        var channel = NewChannel();
        var first = Text(channel, new MessageId(TestIds.Next())) with { Nonce = "n" };
        await PlaceAsync(placement, first, Refuse);
        var repeat = Assert.Single(await PlaceAsync(placement, first with { Id = new MessageId(TestIds.Next()) }, Refuse));
        Assert.Equal((first.Id, false), (repeat.Id, repeat.IsNew));
        var next = Text(channel, new MessageId(TestIds.Next()));
        Assert.Equal(first.Id, Assert.Single(await PlaceAsync(placement, next, Refuse)).Previous);
    }

    [Fact]
    public async Task Batches_over_many_channels_in_any_order_wait_for_one_another_and_all_succeed()
    {
        var (placement, store, _) = await StoresAsync();
        var channels = Enumerable.Range(0, 8).Select(_ => NewChannel()).ToArray();
        var ids = new SnowflakeGenerator(3, TimeProvider.System);
        var rounds = await Task.WhenAll(Enumerable.Range(0, 40).Select(round => Task.Run(() =>
            placement.PlaceAsync([.. (round % 2 == 0 ? channels : channels.Reverse()).Select(c => Text(c, new MessageId(ids.Next())))], tail => Above(ids, tail), default))));
        Assert.All(rounds, placed => Assert.All(placed, p => Assert.True(p.IsNew)));
        foreach (var channel in channels)
            Assert.Equal(40, (await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 100, default)).Count);
    }

    [Fact]
    public async Task A_batch_keeps_each_message_as_it_was_written()
    {
        var (placement, store, mentions) = await StoresAsync();
        var (channel, mentioned, role) = (NewChannel(), new UserId(TestIds.Next()), new RoleId(TestIds.Next()));
        var plain = Text(channel, new MessageId(TestIds.Next())) with { Content = "it's \"quoted\", C:\\path\\, @t1, -- ; DROP TABLE messages", Nonce = "first" };
        var marked = Text(channel, new MessageId(TestIds.Next())) with
        {
            Content = "😀 ﷽", Flags = MessageFlags.SuppressEmbeds, EditedTimestamp = DateTimeOffset.UnixEpoch.AddDays(1), Parts = new MessageParts { Embeds = [new Embed { Title = "it's" }] },
        };
        var told = Text(channel, new MessageId(TestIds.Next())) with { Mentions = new MentionSet([mentioned, new UserId(7)], [role], Everyone: false) };
        await placement.PlaceAsync([plain, marked, told], Refuse, default);
        var page = (await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 10, default)).Reverse().ToArray();
        Assert.Equal([plain.Content, marked.Content, told.Content], page.Select(m => m.Content));
        Assert.Equal([default, marked.Flags, default], page.Select(m => m.Flags));
        Assert.Equal([null, marked.EditedTimestamp, null], page.Select(m => m.EditedTimestamp));
        Assert.Equal("it's", page[1].Parts.Embeds[0].Title);
        Assert.True(page[0].Parts.IsEmpty);
        Assert.Equal([mentioned, new UserId(7)], page[2].Mentions.Users);
        Assert.Equal([new MessageKey(channel, told.Id)], await mentions.UnreadDirectAsync(mentioned, default));
        var broadcast = Assert.Single(await mentions.BroadcastsAsync(new Dictionary<ChannelId, MessageSpan> { [channel] = new(default, told.Id) }, default));
        Assert.Equal((told.Id, role), (broadcast.MessageId, Assert.Single(broadcast.Mentions.Roles)));
    }

    [Fact]
    public async Task A_repeat_within_a_batch_has_the_place_of_the_first_and_the_others_have_their_own()
    {
        var (placement, store, _) = await StoresAsync();
        var channel = NewChannel();
        var known = Text(channel, new MessageId(TestIds.Next())) with { Nonce = "known" };
        await PlaceAsync(placement, known, Refuse);
        var one = Text(channel, new MessageId(TestIds.Next())) with { Nonce = "one" };
        var again = known with { Id = new MessageId(TestIds.Next()) };
        var oneAgain = one with { Id = new MessageId(TestIds.Next()) };
        var two = Text(channel, new MessageId(TestIds.Next()));
        var placed = await placement.PlaceAsync([one, again, oneAgain, two], Refuse, default);
        Assert.Equal([new(one.Id, known.Id, true), new(known.Id, one.Id, false), new(one.Id, one.Id, false), new PlacedMessage(two.Id, one.Id, true)], placed);
        Assert.Equal([two.Id, one.Id, known.Id], (await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 10, default)).Select(m => m.Id));
    }

    [Fact]
    public async Task A_batch_of_long_messages_is_stored_whole()
    {
        var (placement, store, _) = await StoresAsync();
        var channel = NewChannel();
        var messages = Enumerable.Range(0, 256).Select(i => Text(channel, new MessageId(TestIds.Next())) with { Content = new string('\'', 4000), Nonce = $"n{i}" }).ToArray();
        var placed = await placement.PlaceAsync(messages, Refuse, default);
        Assert.Equal(messages.Select(m => m.Id), placed.Select(p => p.Id));
        Assert.Equal(messages[^1].Id, (await store.LastIdsAsync([channel], default))[channel]);
        Assert.All(await store.FindManyAsync(channel, [.. messages.Select(m => m.Id)], default), m => Assert.Equal(4000, m.Content.Length));
    }

    static async Task<List<PlacedMessage>> WriteAsync(IMessagePlacement placement, ChannelId channel, SnowflakeGenerator ids, int count)
    {
        List<PlacedMessage> placed = [];
        for (var i = 0; i < count; i++)
            placed.AddRange(await PlaceAsync(placement, Text(channel, new MessageId(ids.Next())), tail => Above(ids, tail)));
        return placed;
    }

    static Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IMessagePlacement placement, MessageRecord message, Func<MessageId, MessageId> mint) => placement.PlaceAsync([message], mint, default);

    static MessageId Refuse(MessageId tail) => throw new InvalidOperationException("It is in time.");

    static MessageId Above(SnowflakeGenerator ids, MessageId tail)
    {
        ids.StartAfter(tail.Value | ((1L << Snowflake.TimestampShift) - 1));
        return new MessageId(ids.Next());
    }

    static ChannelId NewChannel() => new(TestIds.Next());

    static MessageRecord Text(ChannelId channel, MessageId id) =>
        new() { Id = id, ChannelId = channel, AuthorId = new UserId(7), Content = "hello", Timestamp = DateTimeOffset.UnixEpoch };
}

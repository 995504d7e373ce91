using Kith.Contracts;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Cassandra.Tests.Messages;

/// <summary>What a process leaves that dies between the two stores, and writes that come in the wrong order.</summary>
public sealed class RecoveryTests(CassandraFixture cassandra)
{
    static readonly MessageId End = new(long.MaxValue);

    [Fact]
    public async Task A_message_written_and_never_entered_is_found_by_the_next_writer_with_its_nonce_and_mentions()
    {
        var store = cassandra.Messages;
        var (channel, author, mentioned) = (new ChannelId(TestIds.Next()), new UserId(TestIds.Next()), new UserId(TestIds.Next()));
        var first = Text(channel, author);
        var left = Text(channel, author) with { Nonce = "key", Mentions = new MentionSet([mentioned], [], Everyone: true) };
        await PlaceAsync(store, first);
        // As by a process that died before MySQL's commit, and before it wrote the mention.
        await new CassandraMessageWrites(cassandra.Database, TimeProvider.System).InsertAsync([left with { Mentions = new MentionSet([], [], Everyone: true) }], default);
        await cassandra.Database.WriteAsync("UPDATE messages SET mentions = ? WHERE channel_id = ? AND bucket = ? AND message_id = ?", default,
            MentionColumn(left), channel.Value, MessageBuckets.Of(left.Id), left.Id.Value);

        var next = Text(channel, author);
        Assert.Equal(new PlacedMessage(next.Id, left.Id, true), await PlaceAsync(store, next));
        var repeat = await PlaceAsync(store, Text(channel, author) with { Nonce = "key" });
        Assert.Equal((left.Id, false), (repeat.Id, repeat.IsNew));
        Assert.Equal([new MessageKey(channel, left.Id)], await cassandra.Mentions.UnreadDirectAsync(mentioned, default));
        Assert.Equal(left.Id, Assert.Single(await cassandra.Mentions.BroadcastsBeforeAsync([channel], End, 10, default)).MessageId);
        Assert.Equal([next.Id, left.Id, first.Id], (await store.PageAsync(channel, PageDirection.Before, End, 10, default)).Select(m => m.Id));
    }

    [Fact]
    public async Task A_write_that_arrives_after_the_deletion_brings_nothing_back()
    {
        var store = cassandra.Messages;
        var message = Text(new ChannelId(TestIds.Next()), new UserId(TestIds.Next()));
        await PlaceAsync(store, message);
        await store.DeleteAsync(message.ChannelId, [message.Id], default);
        // A retry of the insert, and an edit by a process whose clock is ahead.
        var ahead = new Ahead(TimeSpan.FromMinutes(10));
        await new CassandraMessageWrites(cassandra.Database, ahead).InsertAsync([message], default);
        await cassandra.Database.WriteAsync("UPDATE messages USING TIMESTAMP ? SET content = ? WHERE channel_id = ? AND bucket = ? AND message_id = ?", default,
            Kith.Storage.Cassandra.WriteTimes.Of(ahead.GetUtcNow()), "edited", message.ChannelId.Value, MessageBuckets.Of(message.Id), message.Id.Value);
        Assert.Null(await store.FindAsync(message.ChannelId, message.Id, default));
        Assert.Empty(await store.PageAsync(message.ChannelId, PageDirection.Before, End, 10, default));
    }

    [Fact]
    public async Task An_edit_wins_over_what_a_process_wrote_whose_clock_is_ahead()
    {
        var store = cassandra.Messages;
        var message = Text(new ChannelId(TestIds.Next()), new UserId(TestIds.Next()));
        await new CassandraMessageWrites(cassandra.Database, new Ahead(TimeSpan.FromMinutes(10))).InsertAsync([message], default);
        Assert.True(await store.UpdateAsync(message with { Content = "first" }, default));
        Assert.True(await store.UpdateAsync(message with { Content = "and again" }, default));
        Assert.Equal("and again", (await store.FindAsync(message.ChannelId, message.Id, default))!.Content);
    }

    [Fact]
    public async Task Pages_cross_years_of_silence()
    {
        var store = cassandra.Messages;
        var (channel, author) = (new ChannelId(TestIds.Next()), new UserId(TestIds.Next()));
        var begin = new DateTimeOffset(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);
        MessageRecord[] all = [.. Enumerable.Range(0, 12).Select(i => Text(channel, author) with { Id = new MessageId(Snowflake.AtTime(begin.AddDays(i * 301)) + i) })];
        await store.InsertAsync(all, default);
        Assert.Equal(all.Reverse().Select(m => m.Id), (await store.PageAsync(channel, PageDirection.Before, End, 50, default)).Select(m => m.Id));
        Assert.Equal([all[6].Id, all[5].Id, all[4].Id], (await store.PageAsync(channel, PageDirection.After, all[3].Id, 3, default)).Select(m => m.Id));
        Assert.Equal([all[6].Id, all[5].Id, all[4].Id, all[3].Id], (await store.PageAsync(channel, PageDirection.Around, all[5].Id, 4, default)).Select(m => m.Id));
        var spans = new Dictionary<ChannelId, MessageSpan> { [channel] = new(all[2].Id, all[9].Id) };
        Assert.Equal(7, (await store.CountAsync(new UserId(1), spans, default))[channel]);
        Assert.Equal(all[3].Id, await store.FirstAfterAsync(new UserId(1), channel, all[2].Id, default));
        await store.DeleteAsync(channel, [all[11].Id, all[10].Id], default);
        Assert.Equal(all[9].Id, (await store.LastIdsAsync([channel], default))[channel]);
    }

    [Fact]
    public async Task A_batch_larger_than_a_mutation_may_be_is_stored_whole()
    {
        var store = cassandra.Messages;
        var (channel, author) = (new ChannelId(TestIds.Next()), new UserId(TestIds.Next()));
        MessageRecord[] all = [.. Enumerable.Range(0, 100).Select(_ => Text(channel, author) with { Content = new string('世', 4000) })];
        await store.InsertAsync(all, default);
        Assert.Equal(all.Reverse().Select(m => m.Id), (await store.PageAsync(channel, PageDirection.Before, End, 200, default)).Select(m => m.Id));
    }

    [Fact]
    public async Task A_pin_is_a_mark_of_the_message_and_a_row_of_the_list()
    {
        var store = cassandra.Messages;
        var pins = new CassandraPinStore(new SqlPinStore(cassandra.MySql), store);
        var message = Text(new ChannelId(TestIds.Next()), new UserId(TestIds.Next()));
        await store.InsertAsync([message], default);
        Assert.True(await pins.AddAsync(message.ChannelId, message.Id, DateTimeOffset.UnixEpoch, 1, default));
        Assert.False(await pins.AddAsync(message.ChannelId, message.Id, DateTimeOffset.UnixEpoch, 1, default));
        Assert.True((await store.FindAsync(message.ChannelId, message.Id, default))!.Pinned);
        var other = Text(message.ChannelId, message.AuthorId);
        await store.InsertAsync([other], default);
        Assert.Null(await pins.AddAsync(other.ChannelId, other.Id, DateTimeOffset.UnixEpoch, 1, default));
        Assert.False((await store.FindAsync(other.ChannelId, other.Id, default))!.Pinned);
        Assert.True(await pins.RemoveAsync(message.ChannelId, message.Id, default));
        Assert.False((await store.FindAsync(message.ChannelId, message.Id, default))!.Pinned);
        Assert.Empty(await pins.ListAsync(message.ChannelId, DateTimeOffset.MaxValue, 10, default));
    }

    static async Task<PlacedMessage> PlaceAsync(IMessagePlacement store, MessageRecord message) =>
        Assert.Single(await store.PlaceAsync([message], tail => throw new InvalidOperationException($"It is in time for {tail}."), default));

    static string MentionColumn(MessageRecord message) => $"{string.Join(',', message.Mentions.Users)}||1";

    static MessageRecord Text(ChannelId channel, UserId author) =>
        new() { Id = new MessageId(TestIds.Next()), ChannelId = channel, AuthorId = author, Content = "hello", Timestamp = DateTimeOffset.UnixEpoch.AddDays(1) };

    sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}

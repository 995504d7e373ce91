using Kith.Contracts;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra.Admin;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Cassandra.Presence;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Admin;

namespace Kith.Cassandra.Tests.Messages;

/// <summary>What reads many messages to find a few.</summary>
public sealed class ScanTests(CassandraFixture cassandra)
{
    [Fact]
    public async Task A_search_merges_channels_in_order_whichever_way_and_counts_all_it_finds()
    {
        var (store, author) = (cassandra.Messages, new UserId(TestIds.Next()));
        ChannelId[] channels = [new(TestIds.Next()), new(TestIds.Next()), new(TestIds.Next())];
        // More than a page of each, every third with the word; the third channel is not searched.
        MessageRecord[] all = [.. Enumerable.Range(0, 3600).Select(i => Text(channels[i % 3], author, i % 2 == 0 ? $"blue {i}" : $"red {i}"))];
        await store.InsertAsync(all, default);
        MessageId[] blue = [.. all.Where(m => m.Content[0] == 'b' && m.ChannelId != channels[2]).Select(m => m.Id)];
        var scan = new CassandraMessageScan(store);
        var query = new SearchQuery { Content = "blue", Channels = channels[..2], Limit = 25, Offset = 1000 };
        var newest = (await scan.SearchAsync(query, default))!;
        Assert.Equal((1200, blue.Reverse().Skip(1000).Take(25)), (newest.Total, newest.Hits.Select(h => h.Message)), Same);
        var oldest = (await scan.SearchAsync(query with { OldestFirst = true }, default))!;
        Assert.Equal((1200, blue.Skip(1000).Take(25)), (oldest.Total, oldest.Hits.Select(h => h.Message)), Same);
        var between = (await scan.SearchAsync(query with { MinId = blue[10], MaxId = blue[14], Offset = 0 }, default))!;
        Assert.Equal((3, blue[11..14].Reverse()), (between.Total, between.Hits.Select(h => h.Message)), Same);
        Assert.Equal(0, (await scan.SearchAsync(query with { Authors = [new UserId(1)] }, default))!.Total);
    }

    [Fact]
    public async Task What_someone_wrote_anywhere_comes_in_order_and_in_steps()
    {
        var (store, me) = (cassandra.Messages, new UserId(TestIds.Next()));
        MessageRecord[] mine = [.. Enumerable.Range(0, 25).Select(i => Text(new ChannelId(TestIds.Next()), me, $"mine {i}"))];
        await store.InsertAsync([.. mine, Text(mine[0].ChannelId, new UserId(TestIds.Next()), "theirs")], default);
        var archive = new CassandraMessageArchive(cassandra.Database);
        List<MessageId> read = [];
        for (var after = default(MessageId); await archive.OfAuthorAsync(me, after, 10, default) is { Count: > 0 } page; after = page[^1].Id)
            read.AddRange(page.Select(m => m.Id));
        Assert.Equal(mine.Select(m => m.Id), read);
    }

    [Fact]
    public async Task Admins_see_when_users_were_last_seen_and_no_count_that_was_not_made()
    {
        var seen = new CassandraLastSeenStore(cassandra.Database);
        var id = new UserId(TestIds.Next());
        await new SqlCredentialStore(cassandra.MySql).CreateAsync(new NewAccount(new UserRecord { Id = id, Username = $"admin{id}" }, "hash"), DateTimeOffset.UnixEpoch, default);
        await seen.SaveAsync(new Dictionary<UserId, DateTimeOffset> { [id] = DateTimeOffset.UnixEpoch.AddDays(1) }, default);
        var admin = new CassandraAdminStore(new SqlAdminStore(cassandra.MySql), seen);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), Assert.Single(await admin.UsersAsync($"admin{id}", new UserId(long.MaxValue), 10, default)).LastSeenAt);
        Assert.Null((await admin.SizeAsync(default, default)).Messages);
    }

    static bool Same((int Total, IEnumerable<MessageId> Ids) one, (int Total, IEnumerable<MessageId> Ids) other) => one.Total == other.Total && one.Ids.SequenceEqual(other.Ids);

    static MessageRecord Text(ChannelId channel, UserId author, string content) =>
        new() { Id = new MessageId(TestIds.Next()), ChannelId = channel, AuthorId = author, Content = content, Timestamp = DateTimeOffset.UnixEpoch.AddDays(1) };
}

using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Import;
using Kith.Engine.Import.Irc;
using Kith.Engine.Messages;
using Xunit;

namespace Kith.Contracts.Import;

/// <summary>The stores that an import writes to, and that read what it wrote.</summary>
public sealed record ImportStores(IImportStore Import, IMessageStore Messages, IMentionStore Mentions, IUserStore Users, GuildStores Guilds);

/// <summary>What every store promises that history is imported into. Each test imports into a server of its own, so adapters may share one database among all tests.</summary>
public abstract class ImportStoreContract
{
    static readonly MessageId End = new(long.MaxValue);
    static readonly SnowflakeGenerator UserIds = new(1022, TimeProvider.System);

    protected abstract ValueTask<ImportStores> StoresAsync();

    [Fact]
    public async Task Messages_people_mentions_and_topic_are_there_at_once_in_the_logs_order()
    {
        var stores = await StoresAsync();
        var place = await Place.MakeAsync(stores);
        await place.ImportAsync("2014-12-31", "[23:58] <Ann> one", "[23:59] <Bob> ann: two", "=== ..[topic/#tea:Ann] : Leaves");
        await place.ImportAsync("2016-05-01", "[10:00] <ann> bob: three", "[10:00] <bob> four");
        var page = await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 10, default);
        Assert.Equal(["four", "bob: three", "_changed the topic to:_ Leaves", "ann: two", "one"], page.Select(m => m.Content));
        Assert.Equal(page.Select(m => m.Id.Value).OrderDescending(), page.Select(m => m.Id.Value));
        Assert.Equal(new DateTimeOffset(2014, 12, 31, 23, 58, 0, TimeSpan.Zero), page[^1].Timestamp);
        var people = await stores.Import.PeopleAsync(place.Guild, default);
        var (ann, bob) = (people["ann"], people["bob"]);
        Assert.Equal([bob, ann, ann, bob, ann], page.Select(m => m.AuthorId));
        Assert.Equal("Ann", (await stores.Users.FindAsync(ann, default))!.GlobalName);
        Assert.Equal([new MessageKey(place.Channel, page[1].Id)], await stores.Mentions.UnreadDirectAsync(bob, default));
        Assert.Equal([new MessageKey(place.Channel, page[3].Id)], await stores.Mentions.OfUserAsync(ann, End, 10, default));
        Assert.Equal(page[0].Id, (await stores.Messages.LastIdsAsync([place.Channel], default))[place.Channel]);
        var all = new Dictionary<ChannelId, MessageSpan> { [place.Channel] = new(default, page[0].Id) };
        Assert.Equal(2, (await stores.Messages.CountAsync(ann, all, default))[place.Channel]);
        Assert.Equal("Leaves", Assert.Single((await stores.Guilds.LoadAsync(place.Guild)).Channels.Values).Topic);
    }

    [Fact]
    public async Task Done_again_it_adds_nothing_and_of_a_log_that_grew_what_is_new()
    {
        var stores = await StoresAsync();
        var place = await Place.MakeAsync(stores);
        string[] old = ["[10:00] <ann> one", "[10:01] <bob> ann: two"], recent = ["[10:00] <ann> three"];
        await place.ImportAsync("2014-05-01", old);
        await place.ImportAsync("2016-05-01", recent);
        Assert.Equal(0, (await place.ImportAsync("2014-05-01", old)).Files + (await place.ImportAsync("2016-05-01", recent)).Files);
        Assert.Equal(1, (await place.ImportAsync("2014-05-01", [.. old, "[10:01] <bob> two and a half"])).Messages);
        var grown = await place.ImportAsync("2016-05-01", [.. recent, "[10:00] <cy> four"]);
        Assert.Equal((1, 1), (grown.Messages, grown.Users));
        Assert.Equal(["one", "ann: two", "two and a half", "three", "four"], await place.ContentsAsync());
        Assert.Single(await stores.Mentions.UnreadDirectAsync((await stores.Import.PeopleAsync(place.Guild, default))["ann"], default));
    }

    [Fact]
    public async Task Imports_of_the_same_days_into_several_channels_share_no_id()
    {
        var stores = await StoresAsync();
        string[] lines = ["[10:00] <ann> one", "[10:00] <bob> two", "[10:00] <ann> three"];
        List<MessageId> ids = [];
        for (var i = 0; i < 3; i++)
        {
            var place = await Place.MakeAsync(stores);
            await place.ImportAsync("2013-05-01", lines);
            await place.ImportAsync("2017-05-01", lines);
            ids.AddRange((await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 10, default)).Select(m => m.Id));
        }

        Assert.Equal(18, ids.Distinct().Count());
    }

    [Fact]
    public async Task Two_imports_at_once_share_no_id_and_lose_nothing()
    {
        var stores = await StoresAsync();
        Place[] places = [await Place.MakeAsync(stores), await Place.MakeAsync(stores)];
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => $"[10:00] <ann> {i}")];
        await Task.WhenAll(places.Select(place => Task.Run(async () =>
        {
            for (var day = 1; day <= 9; day++)
                await place.ImportAsync($"201{(day % 2 == 0 ? 2 : 8)}-05-0{day}", lines);
        })));
        List<MessageId> ids = [];
        foreach (var place in places)
            ids.AddRange((await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 1000, default)).Select(m => m.Id));
        Assert.Equal(900, ids.Count);
        Assert.Equal(900, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_batch_of_which_an_id_was_taken_meanwhile_is_refused_and_nothing_of_it_is_done()
    {
        var stores = await StoresAsync();
        var (first, second) = (await Place.MakeAsync(stores), await Place.MakeAsync(stores));
        await first.ImportAsync("2018-06-01", "[10:00] <ann> one", "[10:00] <ann> two");
        var taken = (await stores.Messages.PageAsync(first.Channel, PageDirection.Before, End, 1, default))[0].Id;
        var user = new UserRecord { Id = new UserId(UserIds.Next()), Username = "", GlobalName = "Late" };
        var batch = new ImportBatch
        {
            Guild = second.Guild, Channel = second.Channel, Source = "late", Lines = 2,
            People = [new ImportedPerson("late", user, GuildFixture.Member(second.Guild, user.Id), [$"late{user.Id}"])],
            Messages = [.. new[] { taken.Value, taken.Value + 1 }.Select(id => new MessageRecord
            {
                Id = new MessageId(id), ChannelId = second.Channel, AuthorId = user.Id, Content = "late", Timestamp = GuildFixture.Now,
            })],
        };
        Assert.False(await stores.Import.CommitAsync(batch, default));
        Assert.Empty(await second.ContentsAsync());
        Assert.Empty(await stores.Import.PeopleAsync(second.Guild, default));
        Assert.Empty(await stores.Import.SourcesAsync(second.Channel, default));
        Assert.True(await stores.Import.CommitAsync(batch with { Messages = [batch.Messages[1]] }, default));
        Assert.Equal(["late"], await second.ContentsAsync());
    }

    [Fact]
    public async Task History_below_what_was_said_since_leaves_the_newest_message_the_newest_until_that_is_deleted()
    {
        var stores = await StoresAsync();
        var place = await Place.MakeAsync(stores);
        var said = new MessageRecord { Id = new MessageId(TestIds.Next()), ChannelId = place.Channel, AuthorId = new UserId(TestIds.Next()), Content = "live", Timestamp = GuildFixture.Now };
        await stores.Messages.InsertAsync([said], default);
        await place.ImportAsync("2016-05-01", "[10:00] <ann> one");
        Assert.Equal(said.Id, (await stores.Messages.LastIdsAsync([place.Channel], default))[place.Channel]);
        await stores.Messages.DeleteAsync(place.Channel, [said.Id], default);
        await place.ImportAsync("2016-05-02", "[10:00] <ann> two");
        var page = await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 10, default);
        Assert.Equal(["two", "one"], page.Select(m => m.Content));
        Assert.Equal(page[0].Id, (await stores.Messages.LastIdsAsync([place.Channel], default))[place.Channel]);
    }

    /// <summary>A channel of a server of the test's own, and logs for it.</summary>
    protected sealed record Place(ImportStores Stores, GuildId Guild, ChannelId Channel)
    {
        public static async Task<Place> MakeAsync(ImportStores stores)
        {
            var guild = await stores.Guilds.CreateAsync();
            return new Place(stores, guild.Id, guild.ChannelsInOrder[0].Id);
        }

        /// <summary>A file of this day and these lines, as by a command of its own.</summary>
        public async Task<IrcImportCounts> ImportAsync(string day, params string[] lines)
        {
            var folder = Directory.CreateTempSubdirectory("kith-import-");
            try
            {
                var path = Path.Combine(folder.FullName, day + ".txt");
                await File.WriteAllLinesAsync(path, lines);
                var import = new IrcImport(Stores.Import, UserIds, Guild, Channel);
                await import.BeginAsync(default);
                await import.AddAsync(IrcDay.Read(path, IrcDay.DateOf(path)!.Value), default);
                return import.Counts;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        /// <summary>Oldest first.</summary>
        public async Task<IEnumerable<string>> ContentsAsync() => (await Stores.Messages.PageAsync(Channel, PageDirection.Before, End, 1000, default)).Reverse().Select(m => m.Content);
    }
}

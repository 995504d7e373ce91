using Kith.Contracts;
using Kith.Contracts.Import;
using Kith.Contracts.Sql;
using Kith.Domain;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra.Import;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Import;

namespace Kith.Cassandra.Tests.Import;

public sealed class CassandraImportStoreTests(CassandraFixture cassandra) : ImportStoreContract
{
    static readonly MessageId End = new(long.MaxValue);

    SqlImportReservations Reservations => new(cassandra.MySql);

    protected override ValueTask<ImportStores> StoresAsync() => new(new ImportStores(
        new CassandraImportStore(cassandra.Database, cassandra.Messages, new SqlImportStore(cassandra.MySql), Reservations, cassandra.Ledger),
        cassandra.Messages, cassandra.Mentions, new SqlUserStore(cassandra.MySql), SqlStores.Guilds(cassandra.MySql)));

    [Fact]
    public async Task What_was_interrupted_lands_on_the_same_rows_though_another_import_came_between()
    {
        var stores = await StoresAsync();
        var (place, other) = (await Place.MakeAsync(stores), await Place.MakeAsync(stores));
        string[] lines = ["[10:00] <ann> one", "[10:00] <bob> ann: two", "[10:01] <ann> three"];
        var (dying, began) = (new Dying(stores.Import, new CassandraMessageWrites(cassandra.Database, TimeProvider.System), Reservations), place with { });
        began = began with { Stores = stores with { Import = dying } };
        foreach (var day in new[] { "2013-07-01", "2017-07-01" })
        {
            await Assert.ThrowsAsync<IOException>(() => began.ImportAsync(day, lines));
            await other.ImportAsync(day, lines);
            Assert.Equal(3, (await place.ImportAsync(day, [.. lines, "[10:02] <bob> four"])).Messages - 1);
        }

        Assert.Equal(Enumerable.Repeat(new[] { "one", "ann: two", "three", "four" }, 2).SelectMany(c => c), await place.ContentsAsync());
        var page = await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 100, default);
        Assert.Subset(page.Select(m => m.Id).ToHashSet(), dying.Given.ToHashSet());
        var people = await stores.Import.PeopleAsync(place.Guild, default);
        Assert.Equal(["ann", "bob"], people.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(2, (await stores.Mentions.UnreadDirectAsync(people["ann"], default)).Count);
        Assert.Equal(page[0].Id, (await stores.Messages.LastIdsAsync([place.Channel], default))[place.Channel]);
        Assert.All(await stores.Import.SourcesAsync(place.Channel, default), s => Assert.Empty(s.Reserved));
    }

    [Fact]
    public async Task What_an_interrupted_import_wrote_of_a_log_that_has_become_shorter_is_taken_back()
    {
        var stores = await StoresAsync();
        var place = await Place.MakeAsync(stores);
        var dying = new Dying(stores.Import, new CassandraMessageWrites(cassandra.Database, TimeProvider.System), Reservations);
        var began = place with { Stores = stores with { Import = dying } };
        await Assert.ThrowsAsync<IOException>(() => began.ImportAsync("2017-08-01", "[10:00] <ann> one", "[10:00] <bob> two", "[10:00] <bob> three", "[10:00] <bob> four"));
        await place.ImportAsync("2017-08-01", "[10:00] <ann> one");
        Assert.Equal(["one"], await place.ContentsAsync());
        Assert.Empty((await stores.Import.SourcesAsync(place.Channel, default)).Single().Reserved);
    }

    [Fact]
    public async Task What_was_deleted_of_an_interrupted_import_stays_deleted_and_what_was_edited_stays_edited()
    {
        var stores = await StoresAsync();
        var place = await Place.MakeAsync(stores);
        var began = place with { Stores = stores with { Import = new Dying(stores.Import, new CassandraMessageWrites(cassandra.Database, TimeProvider.System), Reservations) } };
        string[] lines = ["[10:00] <ann> one", "[10:00] <bob> two", "[10:00] <bob> three", "[10:00] <bob> four"];
        await Assert.ThrowsAsync<IOException>(() => began.ImportAsync("2017-09-01", lines));
        var half = await stores.Messages.PageAsync(place.Channel, PageDirection.Before, End, 10, default);
        await stores.Messages.DeleteAsync(place.Channel, [half[0].Id], default);
        Assert.True(await stores.Messages.UpdateAsync(half[1] with { Content = "edited" }, default));
        await place.ImportAsync("2017-09-01", lines);
        Assert.Equal(["edited", "three", "four"], await place.ContentsAsync());
    }

    /// <summary>Dies when half of the messages are written.</summary>
    sealed class Dying(IImportStore store, CassandraMessageWrites writes, SqlImportReservations reservations) : IImportStore
    {
        public List<MessageId> Given { get; } = [];

        public Task<IReadOnlyList<GuildId>> FindGuildsAsync(string name, CancellationToken ct) => store.FindGuildsAsync(name, ct);

        public Task<UserId?> FirstAdminAsync(CancellationToken ct) => store.FirstAdminAsync(ct);

        public Task<UserId> KeeperAsync(Engine.Accounts.UserRecord user, IEnumerable<string> usernames, CancellationToken ct) => store.KeeperAsync(user, usernames, ct);

        public Task<IReadOnlyDictionary<string, UserId>> PeopleAsync(GuildId guild, CancellationToken ct) => store.PeopleAsync(guild, ct);

        public Task<IReadOnlyList<ImportedSource>> SourcesAsync(ChannelId channel, CancellationToken ct) => store.SourcesAsync(channel, ct);

        public Task<MessageId> NewestBelowAsync(MessageId limit, CancellationToken ct) => store.NewestBelowAsync(limit, ct);

        public Task<IReadOnlySet<long>> TakenAsync(MessageSpan span, CancellationToken ct) => store.TakenAsync(span, ct);

        public async Task<bool> CommitAsync(ImportBatch batch, CancellationToken ct)
        {
            Assert.True(await reservations.ReserveAsync(batch, [], ct));
            await writes.ImportAsync([.. batch.Messages.Take((batch.Messages.Count + 1) / 2)], ct);
            Given.AddRange(batch.Messages.Select(m => m.Id));
            throw new IOException("It is dead.");
        }
    }
}

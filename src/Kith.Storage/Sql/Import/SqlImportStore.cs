using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Guilds;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Sql.Import;

public sealed class SqlImportStore(SqlDatabase database) : IImportStore
{
    public Task<IReadOnlyList<GuildId>> FindGuildsAsync(string name, CancellationToken ct) => database.ReadAsync<IReadOnlyList<GuildId>>(
        async db => [.. await db.QueryAsync<GuildId>("SELECT id FROM guilds WHERE name = @name ORDER BY id", new { name })], ct);

    public Task<UserId?> FirstAdminAsync(CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<UserId?>("SELECT holder FROM instance_claims WHERE name = 'first_admin'"), ct);

    public Task<UserId> KeeperAsync(UserRecord user, IEnumerable<string> usernames, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await db.QuerySingleOrDefaultAsync<UserId?>("SELECT user_id FROM imported_people WHERE guild_id = 0 AND person_key = ''") is { } keeper) return keeper;
        await InsertAsync(db, user, usernames);
        await db.ExecuteAsync("INSERT INTO imported_people (guild_id, person_key, user_id) VALUES (0, '', @Id)", new { user.Id });
        return user.Id;
    }, ct);

    public Task<IReadOnlyDictionary<string, UserId>> PeopleAsync(GuildId guild, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, UserId>>(
        async db => (await db.QueryAsync<(string Key, UserId User)>("SELECT person_key, user_id FROM imported_people WHERE guild_id = @guild", new { guild }))
            .ToDictionary(p => p.Key, p => p.User, StringComparer.Ordinal), ct);

    public Task<IReadOnlyList<ImportedSource>> SourcesAsync(ChannelId channel, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ImportedSource>>(
        async db => [.. (await db.QueryAsync<(string Source, int Lines, MessageId Last)>(
            "SELECT source, line_count, last_id FROM imported_sources WHERE channel_id = @channel", new { channel })).Select(s => new ImportedSource(s.Source, s.Lines, s.Last))], ct);

    public Task<MessageId> NewestBelowAsync(MessageId limit, CancellationToken ct) => database.ReadAsync(
        async db => new MessageId(await db.ExecuteScalarAsync<long?>("SELECT MAX(id) FROM messages WHERE id < @limit", new { limit }) ?? 0), ct);

    public Task<IReadOnlySet<long>> TakenAsync(MessageSpan span, CancellationToken ct) => database.ReadAsync<IReadOnlySet<long>>(
        async db => (await db.QueryAsync<long>("SELECT id FROM messages WHERE id > @After AND id <= @Through", new { span.After, span.Through })).ToHashSet(), ct);

    public Task CommitAsync(ImportBatch batch, CancellationToken ct) => database.WriteAsync(async db =>
    {
        foreach (var person in batch.People)
            await AddAsync(db, batch.Guild, person);
        var insert = new MessageInsert(db, database.Dialect);
        foreach (var message in batch.Messages)
            await insert.RunAsync(message);
        await SearchRows.AddOldAsync(db, database.Dialect, batch.Messages);
        await SearchRows.AdvanceAsync(db, database.Dialect, batch.Messages.Count);
        if (batch.Topic is { } topic)
        {
            await db.ExecuteAsync("UPDATE channels SET topic = @topic WHERE id = @Channel", new { topic, batch.Channel });
            await SqlMemberStore.RaiseVersionAsync(db, batch.Guild);
        }

        await db.ExecuteAsync(
            $"""
            INSERT INTO imported_sources (channel_id, source, line_count, last_id) VALUES (@Channel, @Source, @Lines, @last)
            {database.Dialect.OnConflictUpdate("channel_id, source", "line_count", "last_id")}
            """,
            new { batch.Channel, batch.Source, batch.Lines, last = batch.Messages.Count > 0 ? batch.Messages[^1].Id.Value : 0 });
    }, ct);

    async Task AddAsync(DbConnection db, GuildId guild, ImportedPerson person)
    {
        await InsertAsync(db, person.User, person.Usernames);
        await SqlMemberStore.InsertAsync(db, person.Member);
        await db.ExecuteAsync("INSERT INTO imported_people (guild_id, person_key, user_id) VALUES (@guild, @Key, @user)", new { guild, person.Key, user = person.User.Id });
    }

    /// <summary>Without credentials: nobody is behind it yet, and the instance's first admin is still to come.</summary>
    async Task InsertAsync(DbConnection db, UserRecord user, IEnumerable<string> usernames)
    {
        foreach (var name in usernames)
        {
            if (await SqlUserStore.InsertAsync(database.Dialect, db, user with { Username = name }) == 1) return;
        }

        throw new InvalidOperationException($"No user name is free for {user.GlobalName}.");
    }
}

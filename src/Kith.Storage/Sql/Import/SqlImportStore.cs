using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Import;
using Kith.Engine.Messages;
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
        await ImportRows.AddUserAsync(db, database.Dialect, user, usernames);
        await db.ExecuteAsync("INSERT INTO imported_people (guild_id, person_key, user_id) VALUES (0, '', @Id)", new { user.Id });
        return user.Id;
    }, ct);

    public Task<IReadOnlyDictionary<string, UserId>> PeopleAsync(GuildId guild, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, UserId>>(
        async db => (await db.QueryAsync<(string Key, UserId User)>("SELECT person_key, user_id FROM imported_people WHERE guild_id = @guild", new { guild }))
            .ToDictionary(p => p.Key, p => p.User, StringComparer.Ordinal), ct);

    public Task<IReadOnlyList<ImportedSource>> SourcesAsync(ChannelId channel, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ImportedSource>>(
        async db => [.. (await db.QueryAsync<(string Source, int Lines, MessageId Last)>(
            "SELECT source, line_count, last_id FROM imported_sources WHERE channel_id = @channel", new { channel })).Select(s => new ImportedSource(s.Source, s.Lines, s.Last))], ct);

    public Task<MessageId> NewestBelowAsync(MessageId limit, CancellationToken ct) => database.ReadAsync(db => ImportedIdRows.NewestBelowAsync(db, database.Dialect, limit), ct);

    public Task<IReadOnlySet<long>> TakenAsync(MessageSpan span, CancellationToken ct) =>
        database.ReadAsync<IReadOnlySet<long>>(async db => await ImportedIdRows.TakenAsync(db, database.Dialect, span), ct);

    public Task<bool> CommitAsync(ImportBatch batch, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (!await ImportedIdRows.TakeAsync(db, database.Dialect, batch, own: [])) return false;
        await ImportRows.AddPeopleAsync(db, database.Dialect, batch);
        var insert = new MessageInsert(db, database.Dialect);
        foreach (var message in batch.Messages)
            await insert.RunAsync(message);
        await SearchRows.AddOldAsync(db, database.Dialect, batch.Messages);
        await SearchRows.AdvanceAsync(db, database.Dialect, batch.Messages.Count);
        await ImportRows.FinishAsync(db, database.Dialect, batch);
        return true;
    }, ct);
}

using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Import;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Guilds;

namespace Kith.Storage.Sql.Import;

/// <summary>What an import writes besides messages, each within the caller's transaction.</summary>
static class ImportRows
{
    public static async Task AddPeopleAsync(DbConnection db, SqlDialect dialect, ImportBatch batch)
    {
        foreach (var person in batch.People)
        {
            await AddUserAsync(db, dialect, person.User, person.Usernames);
            await SqlMemberStore.InsertAsync(db, person.Member);
            await db.ExecuteAsync("INSERT INTO imported_people (guild_id, person_key, user_id) VALUES (@Guild, @Key, @user)", new { batch.Guild, person.Key, user = person.User.Id });
        }
    }

    /// <summary>Without credentials: nobody is behind it yet, and the instance's first admin is still to come.</summary>
    public static async Task AddUserAsync(DbConnection db, SqlDialect dialect, UserRecord user, IEnumerable<string> usernames)
    {
        foreach (var name in usernames)
        {
            if (await SqlUserStore.InsertAsync(dialect, db, user with { Username = name }) == 1) return;
        }

        throw new InvalidOperationException($"No user name is free for {user.GlobalName}.");
    }

    /// <summary>Counts the source's lines as done; the topic is the batch's from now on.</summary>
    public static async Task FinishAsync(DbConnection db, SqlDialect dialect, ImportBatch batch)
    {
        if (batch.Topic is { } topic)
        {
            await db.ExecuteAsync("UPDATE channels SET topic = @topic WHERE id = @Channel", new { topic, batch.Channel });
            await SqlMemberStore.RaiseVersionAsync(db, batch.Guild);
        }

        await db.ExecuteAsync(
            $"""
            INSERT INTO imported_sources (channel_id, source, line_count, last_id) VALUES (@Channel, @Source, @Lines, @last)
            {dialect.OnConflictUpdate("channel_id, source", "line_count", "last_id")}
            """,
            new { batch.Channel, batch.Source, batch.Lines, last = batch.Messages.Count > 0 ? batch.Messages[^1].Id.Value : 0 });
    }
}

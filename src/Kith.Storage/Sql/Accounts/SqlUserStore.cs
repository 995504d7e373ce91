using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Storage.Sql.Accounts;

/// <summary>
/// <code>
/// users (id; username_key, email_key unique) people and bots
/// ├─ credentials (user_id) password, TOTP secret and its newest step
/// ├─ recovery_codes (user_id, code_hash)
/// ├─ auth_sessions (id; by user_id) logins; a token is bound to one
/// └─ applications (id; by owner_id) their bots are users
/// registration_codes (code)    instance_claims (name) what happens once: the first admin
/// </code>
/// </summary>
public sealed class SqlUserStore(SqlDatabase database) : IUserStore
{
    /// <summary>Ids in one query: far below the limit of variables in a statement.</summary>
    const int ChunkSize = 500;

    internal const string Columns = "id, username, global_name, avatar, banner, accent_color, bio, email, locale, bot, admin, mfa_enabled, disabled";

    public Task<UserRecord?> FindAsync(UserId id, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<UserRecord>($"SELECT {Columns} FROM users WHERE id = @id", new { id }), ct);

    public Task<IReadOnlyList<UserRecord>> FindManyAsync(IReadOnlyCollection<UserId> ids, CancellationToken ct) => database.ReadAsync<IReadOnlyList<UserRecord>>(async db =>
    {
        List<UserRecord> found = new(ids.Count);
        foreach (var chunk in ids.Select(id => id.Value).Chunk(ChunkSize))
            found.AddRange(await db.QueryAsync<UserRecord>($"SELECT {Columns} FROM users WHERE id IN @chunk", new { chunk }));
        return found;
    }, ct);

    public Task<UserRecord?> FindByNameAsync(string username, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<UserRecord>($"SELECT {Columns} FROM users WHERE username_key = @key", new { key = Key(username) }), ct);

    public Task<UserSaved> UpdateAsync(UserId id, Func<UserRecord, UserRecord> change, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var old = await db.QuerySingleOrDefaultAsync<UserRecord>($"SELECT {Columns} FROM users WHERE id = @id{database.Dialect.ForUpdate}", new { id });
        if (old is null) return new UserSaved(UserConflict.Gone, null);
        var user = change(old);
        try
        {
            await db.ExecuteAsync(
                """
                UPDATE users SET username = @Username, username_key = @NameKey, global_name = @GlobalName, avatar = @Avatar, banner = @Banner,
                    accent_color = @AccentColor, bio = @Bio, email = @Email, email_key = @EmailKey, locale = @Locale, admin = @Admin, mfa_enabled = @MfaEnabled, disabled = @Disabled
                WHERE id = @Id
                """,
                Parameters(user));
            return new UserSaved(UserConflict.None, user);
        }
        catch (DbException e) when (database.Dialect.IsDuplicateKey(e))
        {
            return new UserSaved(await ConflictAsync(db, user), null);
        }
    }, ct);

    /// <summary>Which of a user's unique values another one has; asked after a statement left the row alone.</summary>
    internal static async Task<UserConflict> ConflictAsync(DbConnection db, UserRecord user) =>
        await db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM users WHERE username_key = @key AND id <> @id", new { key = Key(user.Username), id = user.Id }) > 0
            ? UserConflict.NameTaken : UserConflict.EmailTaken;

    /// <summary>1, or 0 where a unique value is taken.</summary>
    internal static Task<int> InsertAsync(SqlDialect dialect, DbConnection db, UserRecord user) => db.ExecuteAsync(
        $"""
        {dialect.InsertIgnore} INTO users (id, username, username_key, global_name, avatar, banner, accent_color, bio, email, email_key, locale, bot, admin, mfa_enabled)
        VALUES (@Id, @Username, @NameKey, @GlobalName, @Avatar, @Banner, @AccentColor, @Bio, @Email, @EmailKey, @Locale, @Bot, @Admin, @MfaEnabled)
        """,
        Parameters(user));

    internal static string Key(string text) => text.ToLowerInvariant();

    internal static object Parameters(UserRecord user) => new
    {
        user.Id, user.Username, NameKey = Key(user.Username), user.GlobalName, user.Avatar, user.Banner, user.AccentColor, user.Bio,
        user.Email, EmailKey = user.Email is { } email ? Key(email) : null, user.Locale, user.Bot, user.Admin, user.MfaEnabled, user.Disabled,
    };
}

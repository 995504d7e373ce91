using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Storage.Sql.Accounts;

public sealed class SqlCredentialStore(SqlDatabase database) : ICredentialStore
{
    const string Credentials = "user_id, password_hash, totp_secret, totp_step";

    public Task<UserSaved> CreateAsync(NewAccount account, CancellationToken ct) => database.WriteAsync(db => InsertAsync(db, account), ct);

    public Task<IReadOnlyList<UserSaved>> CreateManyAsync(IReadOnlyCollection<NewAccount> accounts, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<UserSaved>>(async db =>
        {
            List<UserSaved> saved = new(accounts.Count);
            foreach (var account in accounts)
                saved.Add(await InsertAsync(db, account));
            return saved;
        }, ct);

    public Task<CredentialsRecord?> FindAsync(UserId user, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<CredentialsRecord>($"SELECT {Credentials} FROM credentials WHERE user_id = @user", new { user }), ct);

    public Task<CredentialsRecord?> FindByLoginAsync(string login, CancellationToken ct) => database.ReadAsync(
        db => db.QueryFirstOrDefaultAsync<CredentialsRecord>(
            $"SELECT {Credentials} FROM credentials WHERE user_id = (SELECT id FROM users WHERE {(login.Contains('@') ? "email_key" : "username_key")} = @key)",
            new { key = SqlUserStore.Key(login) }), ct);

    async Task<UserSaved> InsertAsync(DbConnection db, NewAccount account)
    {
        var user = account.User;
        var inserted = await db.ExecuteAsync(
            $"""
            {database.Dialect.InsertIgnore} INTO users (id, username, username_key, global_name, avatar, banner, accent_color, bio, email, email_key, locale, bot, admin, mfa_enabled)
            VALUES (@Id, @Username, @NameKey, @GlobalName, @Avatar, @Banner, @AccentColor, @Bio, @Email, @EmailKey, @Locale, @Bot, @Admin, @MfaEnabled)
            """,
            SqlUserStore.Parameters(user));
        if (inserted == 0) return new UserSaved(await SqlUserStore.ConflictAsync(db, user), null);
        if (user.Bot) return new UserSaved(UserConflict.None, user);
        await db.ExecuteAsync(
            "INSERT INTO credentials (user_id, password_hash, totp_secret, totp_step) VALUES (@id, @hash, NULL, 0)", new { id = user.Id, hash = account.PasswordHash });
        // The unique key decides between accounts that are all the first.
        var first = await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO instance_claims (name, holder) VALUES ('first_admin', @id)", new { id = user.Id }) == 1;
        if (!first) return new UserSaved(UserConflict.None, user);
        await db.ExecuteAsync("UPDATE users SET admin = 1 WHERE id = @id", new { id = user.Id });
        return new UserSaved(UserConflict.None, user with { Admin = true });
    }
}

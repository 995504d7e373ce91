using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Storage.Sql.Accounts;

public sealed class SqlCredentialStore(SqlDatabase database) : ICredentialStore
{
    const string Credentials = "user_id, password_hash, totp_secret, totp_step";

    public Task<UserSaved> CreateAsync(NewAccount account, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (account.Code is { } code && !await IsValidAsync(db, code, now)) return new UserSaved(UserConflict.CodeInvalid, null);
        var saved = await InsertAsync(db, account);
        if (saved.User is not null && account.Code is not null)
            await db.ExecuteAsync("UPDATE registration_codes SET uses_left = uses_left - 1 WHERE code = @Code", new { account.Code });
        return saved;
    }, ct);

    public Task<IReadOnlyList<UserSaved>> CreateManyAsync(IReadOnlyCollection<NewAccount> accounts, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<UserSaved>>(async db =>
        {
            List<UserSaved> saved = new(accounts.Count);
            foreach (var account in accounts)
                saved.Add(await InsertAsync(db, account));
            return saved;
        }, ct);

    public Task<bool> HasAdminAsync(CancellationToken ct) => database.ReadAsync(
        db => db.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM instance_claims WHERE name = 'first_admin')"), ct);

    public Task<CredentialsRecord?> FindAsync(UserId user, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<CredentialsRecord>($"SELECT {Credentials} FROM credentials WHERE user_id = @user", new { user }), ct);

    public Task<CredentialsRecord?> FindByLoginAsync(string login, CancellationToken ct) => database.ReadAsync(
        db => db.QueryFirstOrDefaultAsync<CredentialsRecord>(
            $"SELECT {Credentials} FROM credentials WHERE user_id = (SELECT id FROM users WHERE {(login.Contains('@') ? "email_key" : "username_key")} = @key)",
            new { key = SqlUserStore.Key(login) }), ct);

    public Task<bool> SetPasswordAsync(UserId user, string? oldHash, string newHash, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var current = await db.ExecuteScalarAsync<string?>($"SELECT password_hash FROM credentials WHERE user_id = @user{database.Dialect.ForUpdate}", new { user });
        return current == oldHash && await db.ExecuteAsync("UPDATE credentials SET password_hash = @newHash WHERE user_id = @user", new { user, newHash }) == 1;
    }, ct);

    public Task<bool> EnableTotpAsync(UserId user, string secret, long usedStep, IReadOnlyList<string> codeHashes, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await db.ExecuteAsync("UPDATE credentials SET totp_secret = @secret, totp_step = @usedStep WHERE user_id = @user AND totp_secret IS NULL", new { user, secret, usedStep }) == 0)
            return false;
        await db.ExecuteAsync("UPDATE users SET mfa_enabled = 1 WHERE id = @user", new { user });
        await ReplaceCodesAsync(db, user, codeHashes);
        return true;
    }, ct);

    public Task<bool> DisableTotpAsync(UserId user, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await db.ExecuteAsync("UPDATE credentials SET totp_secret = NULL WHERE user_id = @user AND totp_secret IS NOT NULL", new { user }) == 0) return false;
        await db.ExecuteAsync("UPDATE users SET mfa_enabled = 0 WHERE id = @user", new { user });
        await ReplaceCodesAsync(db, user, []);
        return true;
    }, ct);

    public Task<bool> UseTotpStepAsync(UserId user, long step, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("UPDATE credentials SET totp_step = @step WHERE user_id = @user AND totp_step < @step", new { user, step }) == 1, ct);

    public Task<bool> UseRecoveryCodeAsync(UserId user, string hash, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync(
            "UPDATE recovery_codes SET consumed = 1 WHERE user_id = @user AND code_hash = @hash AND consumed = 0", new { user, hash }) == 1, ct);

    public Task<IReadOnlyList<RecoveryCode>> RecoveryCodesAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<RecoveryCode>>(
        async db => [.. (await db.QueryAsync<(string Hash, bool Consumed)>("SELECT code_hash, consumed FROM recovery_codes WHERE user_id = @user ORDER BY position", new { user }))
            .Select(c => new RecoveryCode(c.Hash, c.Consumed))], ct);

    public Task ReplaceRecoveryCodesAsync(UserId user, IReadOnlyList<string> hashes, CancellationToken ct) =>
        database.WriteAsync(db => ReplaceCodesAsync(db, user, hashes), ct);

    static async Task ReplaceCodesAsync(DbConnection db, UserId user, IReadOnlyList<string> hashes)
    {
        await db.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @user", new { user });
        await db.ExecuteAsync("INSERT INTO recovery_codes (user_id, code_hash, position, consumed) VALUES (@user, @hash, @position, 0)",
            hashes.Select((hash, position) => new { user, hash, position }));
    }

    async Task<bool> IsValidAsync(DbConnection db, string code, DateTimeOffset now) => await db.ExecuteScalarAsync<long?>(
        $"SELECT uses_left FROM registration_codes WHERE code = @code AND uses_left > 0 AND (expires_at IS NULL OR expires_at > @now){database.Dialect.ForUpdate}",
        new { code, now }) is not null;

    async Task<UserSaved> InsertAsync(DbConnection db, NewAccount account)
    {
        var user = account.User;
        var inserted = await SqlUserStore.InsertAsync(database.Dialect, db, user);
        if (inserted == 0) return new UserSaved(await SqlUserStore.ConflictAsync(db, user), null);
        await db.ExecuteAsync(
            "INSERT INTO credentials (user_id, password_hash, totp_secret, totp_step) VALUES (@id, @hash, NULL, 0)", new { id = user.Id, hash = account.PasswordHash });
        // The unique key decides between accounts that are all the first.
        var first = await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO instance_claims (name, holder) VALUES ('first_admin', @id)", new { id = user.Id }) == 1;
        if (!first) return new UserSaved(UserConflict.None, user);
        await db.ExecuteAsync("UPDATE users SET admin = 1 WHERE id = @id", new { id = user.Id });
        return new UserSaved(UserConflict.None, user with { Admin = true });
    }
}

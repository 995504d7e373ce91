using Dapper;
using Kith.Engine.Accounts;

namespace Kith.Storage.Sql.Accounts;

public sealed class SqlRegistrationCodeStore(SqlDatabase database) : IRegistrationCodeStore
{
    public Task AddAsync(RegistrationCode code, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync(
            "INSERT INTO registration_codes (code, created_by, created_at, expires_at, uses_left) VALUES (@Code, @CreatedBy, @CreatedAt, @ExpiresAt, @UsesLeft)", code), ct);

    public Task<IReadOnlyList<RegistrationCode>> ListAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<RegistrationCode>>(
        async db => [.. await db.QueryAsync<RegistrationCode>("SELECT code, created_by, created_at, expires_at, uses_left FROM registration_codes ORDER BY created_at DESC, code")], ct);

    public Task<bool> RemoveAsync(string code, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("DELETE FROM registration_codes WHERE code = @code", new { code }) == 1, ct);
}

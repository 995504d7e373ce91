using Dapper;
using Kith.Engine.Delivery;
using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql;

/// <summary>
/// The schema of a MySQL, which may be in use while it is changed. Table kith_migrations: how many statements of each migration have run, and beside which processes (<see cref="Migration.Beside"/>; null
/// where a program wrote it that knew nothing of that). It is read by programs that know less than it says: those go on where every migration that they do not know lets them.
/// </summary>
sealed class MySqlSchema(MySqlConnection connection, SqlDialect dialect)
{
    const int LockWaitTimeout = 1205;

    /// <summary>Seconds that a statement waits for transactions that use its table. Whoever comes after it waits behind it, so it gives up soon, lets them pass, and tries again.</summary>
    const int LockPatience = 2;

    const int LockAttempts = 60;

    static readonly TimeSpan LockPause = TimeSpan.FromSeconds(1);

    readonly IReadOnlyList<Migration> migrations = Migration.For(dialect);

    public async Task MigrateAsync(Func<IReadOnlyList<Migration>, CancellationToken, Task> before, CancellationToken ct)
    {
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS kith_migrations (number INT PRIMARY KEY, statements INT NOT NULL, beside INT)");
        if (!await HasBesideAsync()) await connection.ExecuteAsync("ALTER TABLE kith_migrations ADD COLUMN IF NOT EXISTS beside INT");
        var done = await CheckAsync();
        Migration[] pending = [.. migrations.Where(m => done.GetValueOrDefault(m.Number) < m.Statements.Count())];
        if (pending.Length == 0) return;
        if (done.Count > 0) await AnnounceAsync(pending, done, before, ct);
        // By default a table that is filled from another would lock the rows that are read there.
        await connection.ExecuteAsync($"SET SESSION lock_wait_timeout = {LockPatience}; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
        try
        {
            foreach (var migration in pending)
                await RunAsync(migration, done.GetValueOrDefault(migration.Number), ct);
        }
        finally
        {
            await connection.ExecuteAsync("SET SESSION lock_wait_timeout = DEFAULT; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        }
    }

    /// <returns>How many statements of each migration have run.</returns>
    public async Task<IReadOnlyDictionary<int, int>> CheckAsync()
    {
        var done = (await connection.QueryAsync<(int Number, int Statements, int? Beside)>("SELECT number, statements, beside FROM kith_migrations")).AsList();
        var (known, newest) = (migrations.Select(m => m.Number).ToHashSet(), migrations[^1].Number);
        if (done.Where(m => !known.Contains(m.Number) && !(m.Beside <= newest)).Select(m => m.Number).DefaultIfEmpty(0).Max() is var beyond && beyond > 0)
            throw new DatabaseRefusedException($"The database has schema {beyond}; this program knows {newest}, and that does not go together. Use a newer kith.");
        return done.ToDictionary(r => r.Number, r => r.Statements);
    }

    async Task<bool> HasBesideAsync() => await connection.ExecuteScalarAsync<long>(
        "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'kith_migrations' AND column_name = 'beside'") == 1;

    /// <summary>Entered first and asked then: an older process announces itself first and looks here then, so one of the two sees the other.</summary>
    async Task AnnounceAsync(Migration[] pending, IReadOnlyDictionary<int, int> done, Func<IReadOnlyList<Migration>, CancellationToken, Task> before, CancellationToken ct)
    {
        var fresh = pending.Where(m => !done.ContainsKey(m.Number)).ToArray();
        foreach (var migration in fresh)
            await EnterAsync(migration, 0);
        try
        {
            await before(pending, ct);
        }
        catch
        {
            await connection.ExecuteAsync("DELETE FROM kith_migrations WHERE number IN @numbers", new { numbers = fresh.Select(m => m.Number) });
            throw;
        }
    }

    Task<int> EnterAsync(Migration migration, int statements) =>
        connection.ExecuteAsync("REPLACE INTO kith_migrations (number, statements, beside) VALUES (@Number, @statements, @Beside)", new { migration.Number, statements, migration.Beside });

    /// <summary>Statements commit one by one here, so each is counted; one that ran but was not counted runs again and must not mind.</summary>
    async Task RunAsync(Migration migration, int done, CancellationToken ct)
    {
        var statements = migration.Statements.ToArray();
        for (var i = done; i < statements.Length; i++)
        {
            var repeatable = statements[i]
                .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
                .Replace("ADD COLUMN ", "ADD COLUMN IF NOT EXISTS ", StringComparison.Ordinal)
                .Replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", StringComparison.Ordinal)
                .Replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX IF NOT EXISTS ", StringComparison.Ordinal);
            await ExecuteAsync(migration.Beside < migration.Number ? WithoutLock(repeatable) : repeatable, ct);
            await EnterAsync(migration, i + 1);
        }
    }

    /// <summary>The server refuses a statement that could not be carried out while others write to the table, instead of locking them out.</summary>
    static string WithoutLock(string statement) =>
        statement.StartsWith("ALTER TABLE ", StringComparison.Ordinal) ? $"{statement}, LOCK=NONE"
        : statement.StartsWith("CREATE INDEX ", StringComparison.Ordinal) ? $"{statement} LOCK=NONE"
        : statement;

    async Task ExecuteAsync(string statement, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // However long it takes: an index of a large table is built in minutes.
                await connection.ExecuteAsync(new CommandDefinition(statement, commandTimeout: 0, cancellationToken: ct));
                return;
            }
            catch (MySqlException e) when (e.Number == LockWaitTimeout)
            {
                if (attempt == LockAttempts) throw new UnavailableException("A table that others use without a pause", e);
                await Task.Delay(LockPause, ct);
            }
        }
    }
}

using System.Data.Common;

namespace Kith.Storage.Sql;

/// <summary>
/// A relational database. Work is given a connection and must not keep it. <see cref="WriteAsync{T}"/> runs it in a transaction and returns only after
/// the commit has been synced; where it throws, its own changes are undone and no one else's. Infrastructure errors surface as
/// <see cref="Kith.Engine.Delivery.UnavailableException"/>.
/// </summary>
public abstract class SqlDatabase(SqlDialect dialect) : IAsyncDisposable
{
    public SqlDialect Dialect => dialect;

    public abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct);

    public abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct);

    public Task WriteAsync(Func<DbConnection, Task> work, CancellationToken ct) =>
        WriteAsync(async connection =>
        {
            await work(connection);
            return true;
        }, ct);

    /// <summary>Whether it can be written to: an empty transaction. Throws where it cannot.</summary>
    public Task CheckAsync(CancellationToken ct) => WriteAsync(static _ => Task.CompletedTask, ct);

    /// <summary>Brings the schema up to date; refuses a database beside whose schema this program must not run.</summary>
    public Task MigrateAsync(CancellationToken ct) => MigrateAsync(static (_, _) => Task.CompletedTask, ct);

    /// <param name="before">
    /// Asked before the migrations that are to run on a database that other processes may be using; what it throws leaves the database as it was. From then on no older process gets past
    /// <see cref="CheckSchemaAsync"/>: so one that is not seen by it will see the migrations.
    /// </param>
    /// <exception cref="DatabaseRefusedException">The schema is of a newer program.</exception>
    public abstract Task MigrateAsync(Func<IReadOnlyList<Migration>, CancellationToken, Task> before, CancellationToken ct);

    /// <summary>Whether this program may still run beside what was done to the schema since.</summary>
    /// <exception cref="DatabaseRefusedException">It may not.</exception>
    public abstract Task CheckSchemaAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

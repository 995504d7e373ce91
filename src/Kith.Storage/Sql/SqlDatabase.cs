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

    /// <summary>Brings the schema up to date; refuses a database newer than this program.</summary>
    public abstract Task MigrateAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

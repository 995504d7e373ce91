using System.Data.Common;
using Dapper;
using Kith.Engine.Delivery;
using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql;

/// <summary>
/// MariaDB or MySQL. A write is a transaction of its own, run again where the server chose it as a deadlock's victim; commits are synced by the
/// server (innodb_flush_log_at_trx_commit = 1, its default).
/// </summary>
public sealed class MySqlDatabase : SqlDatabase
{
    const int Deadlock = 1213;
    const int LockWaitTimeout = 1205;
    const int Attempts = 5;

    /// <summary>How long a node waits for another's migration.</summary>
    static readonly TimeSpan MigrationWait = TimeSpan.FromMinutes(2);
    static readonly TimeSpan MigrationPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// A transaction begins with its first statement, which saves a trip. Rows that were read for update are locked and no gaps beside them. What does not fit its column is an error,
    /// however the server is set.
    /// </summary>
    const string WritingSession = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET autocommit = 0; SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')";

    /// <summary>Of the connector's pool, for those who keep a connection while they work.</summary>
    readonly string connectionString;

    readonly MySqlConnections reading, writing;

    /// <summary>Those who keep a connection while they work have a third of the pool, readers and writers one each: so nobody who holds one waits for another.</summary>
    readonly MySqlTurns keeping;

    public MySqlDatabase(string connectionString)
        : base(new MySqlDialect())
    {
        SqlTypes.Register();
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            CharacterSet = "utf8mb4", Pooling = true, ConnectionTimeout = MySqlTurns.Patience, DefaultCommandTimeout = 30, ConnectionReset = false,
        };
        var third = (int)Math.Max(1, settings.MaximumPoolSize / 3);
        keeping = new MySqlTurns(third);
        this.connectionString = settings.ToString();
        settings.Pooling = false;
        (reading, writing) = (new MySqlConnections(settings.ToString(), "", third), new MySqlConnections(settings.ToString(), WritingSession, third));
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await reading.UseAsync(work, ct);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new UnavailableException("MySQL", e);
        }
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct) => TransactAsync(async connection =>
    {
        var result = await work(connection);
        await CommitAsync(() => PreparedStatement.On(connection, "COMMIT", 0).ExecuteAsync());
        return result;
    }, ct);

    /// <summary>As <see cref="WriteAsync{T}"/>, for work whose last trip commits: <see cref="CommitAsync"/>.</summary>
    internal async Task<T> TransactAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await writing.UseAsync(work, ct);
            }
            catch (MySqlException e) when (IsUndone(e) && attempt < Attempts)
            {
                // Undone by the server; the work is a function of its connection and may run again.
            }
            catch (Exception e) when (IsAway(e))
            {
                throw new UnavailableException("MySQL", e);
            }
        }
    }

    public override async Task MigrateAsync(Func<IReadOnlyList<Migration>, CancellationToken, Task> before, CancellationToken ct)
    {
        await using var connection = await FirstAsync(ct);
        // One node at a time; the lock ends with the connection, so a node that dies leaves none behind.
        var patience = TimeProvider.System.GetTimestamp();
        while (await connection.ExecuteScalarAsync<long?>("SELECT GET_LOCK('kith_migrations', 0)") != 1)
        {
            if (TimeProvider.System.GetElapsedTime(patience) > MigrationWait) throw new UnavailableException("MySQL's migration lock");
            await Task.Delay(MigrationPoll, ct);
        }

        try
        {
            await new MySqlSchema(connection, Dialect).MigrateAsync(before, ct);
        }
        finally
        {
            // The connection goes back to the pool and lives on.
            await connection.ExecuteAsync("DO RELEASE_LOCK('kith_migrations')");
        }
    }

    public override Task CheckSchemaAsync(CancellationToken ct) => ReadAsync(async connection =>
    {
        await new MySqlSchema((MySqlConnection)connection, Dialect).CheckAsync();
        return true;
    }, ct);

    public override async ValueTask DisposeAsync()
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.ClearPoolAsync(connection);
        await reading.DisposeAsync();
        await writing.DisposeAsync();
        keeping.Dispose();
    }

    /// <summary>
    /// Runs what commits. Once begun it is awaited whatever the caller does: it must not learn "not done" of what is done. Nor is it tried again where the connection is lost, since nobody
    /// knows what became of it.
    /// </summary>
    internal static async Task CommitAsync(Func<Task> commit)
    {
        try
        {
            await commit();
        }
        catch (Exception e) when (IsAway(e) && !IsUndone(e))
        {
            throw new UnavailableException("MySQL", e);
        }
    }

    /// <summary>The server has undone it, or will at once, for another's sake.</summary>
    static bool IsUndone(Exception e) => e is MySqlException { Number: Deadlock or LockWaitTimeout };

    /// <summary>A connection of the caller's own, for what belongs to a connection, and its turn: to be given back after the connection.</summary>
    internal async Task<(MySqlConnection Connection, IDisposable Turn)> ConnectAsync(CancellationToken ct)
    {
        IDisposable? turn = null;
        try
        {
            turn = await keeping.EnterAsync(ct);
            return (await OpenAsync(ct), turn);
        }
        catch (Exception e)
        {
            turn?.Dispose();
            if (IsAway(e)) throw new UnavailableException("MySQL", e);
            throw;
        }
    }

    /// <summary>Says what an operator has to mend: a password, the database's name, the address.</summary>
    async Task<MySqlConnection> FirstAsync(CancellationToken ct)
    {
        try
        {
            return await OpenAsync(ct);
        }
        catch (MySqlException e) when (RefusalOf(e) is { } refusal)
        {
            throw new DatabaseRefusedException($"MySQL refuses this process: {refusal.Message}", e);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new UnavailableException("MySQL", e);
        }
    }

    /// <summary>1044 and 1045 access denied, 1049 no such database; the connector wraps what the server says in a 0.</summary>
    static MySqlException? RefusalOf(Exception? e) => e switch
    {
        MySqlException { Number: 1044 or 1045 or 1049 } refusal => refusal,
        { InnerException: { } inner } => RefusalOf(inner),
        _ => null,
    };

    async Task<MySqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>True for what is wrong between here and the server, and for a server that is going down or full.</summary>
    static bool IsAway(Exception e) => e switch
    {
        MySqlException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException } => true,
        // 1040 too many connections, 1042 cannot connect, 1053 shutting down, 1129 blocked, 1021 disk full, 1114 table full, 1205 lock wait; 0: the connector's own.
        MySqlException m => m.Number is 0 or 1021 or 1040 or 1042 or 1053 or 1114 or 1129 or 1158 or 1159 or 1160 or 1161 or LockWaitTimeout or Deadlock or 2006 or 2013,
        IOException or System.Net.Sockets.SocketException or TimeoutException => true,
        _ => false,
    };
}

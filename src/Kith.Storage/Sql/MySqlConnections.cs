using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql;

/// <summary>
/// Open connections, used again by whoever comes next. The connector's own pool reads the settings and chooses the database anew for every user of a connection, and a statement that a
/// connection keeps would be lost with it.
/// </summary>
/// <param name="settings">Without pooling.</param>
/// <param name="session">What is said once to a new connection; empty for nothing.</param>
/// <param name="most">How many there are at most.</param>
sealed class MySqlConnections(string settings, string session, int most) : IAsyncDisposable
{
    /// <summary>Errors of the connector itself begin here: 2006 gone away, 2013 lost.</summary>
    const int ConnectorErrors = 2000;

    static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(3);

    readonly MySqlTurns turns = new(most);
    readonly Lock gate = new();

    /// <summary>The longest idle first; the last is used next, so that those that are too many grow old.</summary>
    readonly LinkedList<(MySqlConnection Connection, long Since)> idle = [];
    bool closed;

    /// <summary>
    /// Runs work on a connection, and again on a new one where the server had closed the first while it was idle. What work began and did not commit is undone where it throws.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<MySqlConnection, Task<T>> work, CancellationToken ct)
    {
        using var turn = await turns.EnterAsync(ct);
        for (var waited = Take(); ; waited = null)
        {
            var connection = waited ?? await OpenAsync(ct);
            try
            {
                var result = await work(connection);
                await GiveBackAsync(connection);
                return result;
            }
            catch (Exception e)
            {
                await EndAsync(connection, e);
                if (waited is null || !IsLost(e)) throw;
                // The others are as old.
                await ClearAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate) closed = true;
        await ClearAsync();
        turns.Dispose();
    }

    /// <summary>The connection ended, at once: it did not merely take too long.</summary>
    public static bool IsLost(Exception? e) => e is MySqlException { Number: 0 or >= ConnectorErrors, InnerException: not TimeoutException } or IOException or System.Net.Sockets.SocketException;

    MySqlConnection? Take()
    {
        lock (gate)
        {
            if (idle.Last is not { } last) return null;
            idle.RemoveLast();
            return last.Value.Connection;
        }
    }

    async Task<MySqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new MySqlConnection(settings);
        try
        {
            await connection.OpenAsync(ct);
            if (session.Length == 0) return connection;
            await using var command = connection.CreateCommand();
            command.CommandText = session;
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    async Task GiveBackAsync(MySqlConnection connection)
    {
        MySqlConnection? old = null;
        lock (gate)
        {
            if (closed)
            {
                old = connection;
            }
            else
            {
                idle.AddLast((connection, TimeProvider.System.GetTimestamp()));
                if (TimeProvider.System.GetElapsedTime(idle.First!.Value.Since) > IdleLife)
                {
                    old = idle.First.Value.Connection;
                    idle.RemoveFirst();
                }
            }
        }

        if (old is not null) await old.DisposeAsync();
    }

    /// <summary>After an error of the server's the connection is as good as before; after any other nobody knows where it stands.</summary>
    async Task EndAsync(MySqlConnection connection, Exception error)
    {
        try
        {
            if (error is MySqlException { Number: > 0 and < ConnectorErrors } && connection.State == System.Data.ConnectionState.Open)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "ROLLBACK";
                await command.ExecuteNonQueryAsync();
                await GiveBackAsync(connection);
                return;
            }
        }
        catch (Exception e) when (e is MySqlException or IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            // It ends here, and the server undoes what was begun.
        }

        await connection.DisposeAsync();
    }

    async Task ClearAsync()
    {
        MySqlConnection[] all;
        lock (gate)
        {
            all = [.. idle.Select(i => i.Connection)];
            idle.Clear();
        }

        foreach (var connection in all)
            await connection.DisposeAsync();
    }
}

using Dapper;
using Kith.Engine;
using Kith.Engine.Delivery;
using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql;

/// <summary>Named locks of the database server. Each holds a connection, with which it ends whatever happens to the process.</summary>
public sealed class MySqlLocks(MySqlDatabase database) : ISharedLocks
{
    /// <summary>Seconds. What is held is a commit and the publication of its events.</summary>
    const int Patience = 10;

    /// <summary>A name has at most 64 characters; the database's is in it, since locks are the server's.</summary>
    const string Name = "CONCAT(LEFT(MD5(DATABASE()), 8), ' ', @name)";

    public async Task<IAsyncDisposable> EnterAsync(string name, CancellationToken ct)
    {
        var (connection, turn) = await database.ConnectAsync(ct);
        try
        {
            var taken = await connection.ExecuteScalarAsync<long?>(new CommandDefinition($"SELECT GET_LOCK({Name}, {Patience})", new { name }, cancellationToken: ct));
            if (taken == 1) return new Held(connection, turn, name);
        }
        catch
        {
            await GiveUpAsync(connection);
            turn.Dispose();
            throw;
        }

        await connection.DisposeAsync();
        turn.Dispose();
        throw new UnavailableException("MySQL's lock");
    }

    /// <summary>The lock may be held after all: the connection must end, and not go back to the pool.</summary>
    static async Task GiveUpAsync(MySqlConnection connection)
    {
        MySqlConnection.ClearPool(connection);
        await connection.DisposeAsync();
    }

    sealed class Held(MySqlConnection connection, IDisposable turn, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.ExecuteAsync($"DO RELEASE_LOCK({Name})", new { name });
                await connection.DisposeAsync();
            }
            catch (Exception e) when (e is MySqlException or IOException or InvalidOperationException)
            {
                // The connection is lost, and the lock with it.
                await GiveUpAsync(connection);
            }
            finally
            {
                turn.Dispose();
            }
        }
    }
}

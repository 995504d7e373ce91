using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Dapper;
using Kith.Engine.Delivery;
using Microsoft.Data.Sqlite;

namespace Kith.Storage.Sql;

/// <summary>
/// SQLite in WAL mode. One writer executes queued work in batches: each piece in a savepoint of its own, one commit and one sync for all that waited
/// ("group commit"). Readers use connections of their own and never wait for the writer.
/// </summary>
public sealed class SqliteDatabase : SqlDatabase
{
    /// <summary>Most pieces of work in one commit: bounds the latency of the first at a few milliseconds.</summary>
    const int MaxBatch = 512;

    /// <summary>Pages in the write-ahead log, 64 MB, at which the writer copies them itself: <see cref="SqliteCheckpoints"/> have then not kept up.</summary>
    const int MaxLog = 16_000;

    /// <summary>Writers beyond this wait for room.</summary>
    const int QueueCapacity = 8192;

    readonly string path;
    readonly ConcurrentBag<SqliteConnection> readers = [];
    readonly Channel<Write> queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    readonly SqliteConnection writer;
    readonly SqliteCheckpoints checkpoints;
    readonly Task writing;

    static SqliteDatabase() => SqliteEngine.Initialize();

    public SqliteDatabase(string path)
        : base(new SqliteDialect())
    {
        this.path = path;
        SqlTypes.Register();
        try
        {
            writer = Open(readOnly: false);
            checkpoints = new SqliteCheckpoints(writer, Open(readOnly: false));
        }
        catch (SqliteException e)
        {
            throw new DatabaseRefusedException($"The database {path} cannot be opened: {e.Message}", e);
        }

        writing = Task.Factory.StartNew(WriteLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public string Path => path;

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var connection = readers.TryTake(out var idle) ? idle : Open(readOnly: true);
        try
        {
            return await work(connection);
        }
        catch (SqliteException e) when (SqliteErrors.IsInfrastructure(e))
        {
            throw new UnavailableException("The database", e);
        }
        finally
        {
            readers.Add(connection);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        var write = new Write<T>(work);
        await queue.Writer.WriteAsync(write, ct);
        // Once queued it is carried out: a caller who gives up must not learn "not done" of what will be done.
        return await write.Completion.Task;
    }

    /// <summary>Nobody is asked before: the folder is one process's.</summary>
    public override async Task MigrateAsync(Func<IReadOnlyList<Migration>, CancellationToken, Task> before, CancellationToken ct)
    {
        var migrations = Migration.For(Dialect);
        await WriteAsync(async connection =>
        {
            var version = await connection.ExecuteScalarAsync<int>("PRAGMA user_version");
            if (version > migrations[^1].Number)
                throw new DatabaseRefusedException($"The database {path} has schema {version}; this program knows {migrations[^1].Number} at most. Use a newer kith.");
            foreach (var migration in migrations.Where(m => m.Number > version))
            {
                await connection.ExecuteAsync(migration.Text);
                await connection.ExecuteAsync($"PRAGMA user_version = {migration.Number}");
            }
        }, ct);
    }

    public override Task CheckSchemaAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Writes what is committed now, compact and consistent, into a new file, while others read and write; then checks the copy. Takes as long as the database is large.
    /// </summary>
    /// <exception cref="DatabaseRefusedException">The copy is not sound.</exception>
    public Task CopyAsync(string target, CancellationToken ct) => Task.Run(() =>
    {
        using var source = Open(readOnly: false);
        source.Execute("VACUUM INTO @target", new { target });
        Check(target);
    }, ct);

    /// <summary>Whether a file that nobody has open is a database that this program can serve.</summary>
    /// <exception cref="DatabaseRefusedException">It is damaged, or of a newer program.</exception>
    public static void Check(string path)
    {
        try
        {
            using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
            copy.Open();
            if (copy.ExecuteScalar<string>("PRAGMA quick_check(1)") is var verdict && verdict != "ok") throw new DatabaseRefusedException($"The database {path} is damaged: {verdict}.");
            var (version, known) = (copy.ExecuteScalar<int>("PRAGMA user_version"), Migration.For(new SqliteDialect())[^1].Number);
            if (version > known) throw new DatabaseRefusedException($"The database {path} has schema {version}; this program knows {known} at most. Use a newer kith.");
        }
        catch (SqliteException e)
        {
            throw new DatabaseRefusedException($"The database {path} cannot be read: {e.Message}", e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!queue.Writer.TryComplete()) return;
        await writing;
        await checkpoints.DisposeAsync();
        await writer.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        await writer.DisposeAsync();
        foreach (var reader in readers)
            await reader.DisposeAsync();
    }

    async Task WriteLoop()
    {
        using var begin = Command("BEGIN IMMEDIATE");
        using var commit = Command("COMMIT");
        using var rollback = Command("ROLLBACK");
        using var save = Command("SAVEPOINT piece");
        using var release = Command("RELEASE piece");
        using var undo = Command("ROLLBACK TO piece; RELEASE piece");
        List<Write> batch = new(MaxBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            try
            {
                begin.ExecuteNonQuery();
                while (batch.Count < MaxBatch && queue.Reader.TryRead(out var write))
                {
                    batch.Add(write);
                    save.ExecuteNonQuery();
                    var done = await write.RunAsync(writer);
                    (done ? release : undo).ExecuteNonQuery();
                }

                commit.ExecuteNonQuery();
                foreach (var write in batch)
                    write.Complete();
                checkpoints.Committed();
            }
            catch (SqliteException e)
            {
                // A full disk, say: nothing of the batch was committed, everyone learns it, and the loop goes on.
                if (batch.Count == 0 && queue.Reader.TryRead(out var write)) batch.Add(write);
                foreach (var failed in batch)
                    failed.Fail(new UnavailableException("The database", e));
                if (SqliteEngine.InTransaction(writer)) rollback.ExecuteNonQuery();
            }
        }
    }

    SqliteCommand Command(string sql)
    {
        var command = writer.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    SqliteConnection Open(bool readOnly)
    {
        // Pooling is our own (readers); a second pool below it would keep files open after disposal.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        connection.Execute(
            $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA busy_timeout = 10000;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = {(readOnly ? -4096 : -32768)};
            PRAGMA wal_autocheckpoint = {MaxLog};
            {(readOnly ? "PRAGMA query_only = 1;" : "")}
            """);
        return connection;
    }

    abstract class Write
    {
        /// <summary>False where the work threw: its caller gets the exception after the savepoint was undone.</summary>
        public abstract Task<bool> RunAsync(DbConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception e);
    }

    sealed class Write<T>(Func<DbConnection, Task<T>> work) : Write
    {
        T? result;
        Exception? thrown;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<bool> RunAsync(DbConnection connection)
        {
            try
            {
                result = await work(connection);
                return true;
            }
            catch (Exception e)
            {
                thrown = e is SqliteException sql && SqliteErrors.IsInfrastructure(sql) ? new UnavailableException("The database", e) : e;
                return false;
            }
        }

        public override void Complete()
        {
            if (thrown is null) Completion.TrySetResult(result!);
            else Completion.TrySetException(thrown);
        }

        public override void Fail(Exception e) => Completion.TrySetException(thrown ?? e);
    }
}

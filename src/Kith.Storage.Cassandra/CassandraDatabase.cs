using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cassandra;
using Kith.Engine;
using Kith.Storage.Sql;
using PreparedStatement = Cassandra.PreparedStatement;
using UnavailableException = Kith.Engine.Delivery.UnavailableException;

namespace Kith.Storage.Cassandra;

/// <summary>
/// Cassandra through its driver: every statement is prepared once, goes to a node that has its partition, and is done when a majority of the copies in this datacenter has it (LOCAL_QUORUM).
/// All of them may be done twice. Connects when it is first used.
/// </summary>
public sealed class CassandraDatabase(CassandraOptions options) : IAsyncDisposable
{
    /// <summary>Statements under way for one call: what a page of a user's channels asks for is many small reads.</summary>
    const int Concurrency = 64;

    const int TurnAttempts = 12;

    readonly ConcurrentDictionary<string, Task<PreparedStatement>> prepared = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    Task<ISession>? connecting;
    Cluster? cluster;
    volatile ISession? session;

    /// <summary>Makes the keyspace and brings its tables up to date, one process at a time; refuses one newer than this program.</summary>
    public async Task MigrateAsync(ISharedLocks locks, CancellationToken ct)
    {
        await using var turn = await TurnAsync(locks, ct);
        await using var connection = new CassandraDatabase(options);
        var bare = await connection.FirstAsync(ct);
        try
        {
            await MigrateAsync(bare, ct);
        }
        catch (UnauthorizedException e)
        {
            throw new DatabaseRefusedException($"Cassandra refuses this process: {OneLine(e)}", e);
        }
    }

    /// <summary>Whether a majority answers. Throws where it does not.</summary>
    public Task CheckAsync(CancellationToken ct) => ReadAsync("SELECT version FROM schema_versions WHERE name = ? LIMIT 1", ct, CassandraSchema.Name);

    internal async Task<BoundStatement> BindAsync(string cql, params object[] values) => (await PrepareAsync(cql)).Bind(values);

    internal async Task WriteAsync(string cql, CancellationToken ct, params object[] values) => await ExecuteAsync(await BindAsync(cql, values), ct);

    /// <summary>Rows of one page: for reads with a limit, which fit into one.</summary>
    internal async Task<IReadOnlyList<Row>> ReadAsync(string cql, CancellationToken ct, params object[] values) => [.. await ExecuteAsync(await BindAsync(cql, values), ct)];

    /// <summary>All rows, a page at a time, each asked for when the one before has been read.</summary>
    internal async IAsyncEnumerable<Row> StreamAsync(string cql, int pageSize, [EnumeratorCancellation] CancellationToken ct, params object[] values)
    {
        var statement = (await BindAsync(cql, values)).SetPageSize(pageSize).SetAutoPage(false);
        while (true)
        {
            var page = await ExecuteAsync(statement, ct);
            var next = page.PagingState;
            foreach (var row in page)
                yield return row;
            if (next is null) yield break;
            statement = (await BindAsync(cql, values)).SetPageSize(pageSize).SetAutoPage(false).SetPagingState(next);
        }
    }

    internal async Task<RowSet> ExecuteAsync(IStatement statement, CancellationToken ct)
    {
        var open = session ?? await ConnectAsync();
        return await Guard(() => open.ExecuteAsync(statement.SetIdempotence(true)), ct);
    }

    /// <summary>The answers in the order of the questions, some of them asked side by side.</summary>
    internal static async Task<TAnswer[]> EachAsync<T, TAnswer>(IReadOnlyList<T> all, Func<T, CancellationToken, Task<TAnswer>> ask, CancellationToken ct)
    {
        var answers = new TAnswer[all.Count];
        if (answers.Length == 1) answers[0] = await ask(all[0], ct);
        else
            await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = ct }, async (i, inner) => answers[i] = await ask(all[i], inner));
        return answers;
    }

    internal static Task EachAsync<T>(IReadOnlyList<T> all, Func<T, CancellationToken, Task> work, CancellationToken ct) => EachAsync(all, async (item, inner) =>
    {
        await work(item, inner);
        return true;
    }, ct);

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.ShutdownAsync();
    }

    /// <summary>Once, by whoever needs it first; what failed is prepared again for the next who needs it.</summary>
    async Task<PreparedStatement> PrepareAsync(string cql)
    {
        var mine = new TaskCompletionSource<PreparedStatement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = prepared.GetOrAdd(cql, mine.Task);
        if (made != mine.Task) return await made;
        try
        {
            var open = session ?? await ConnectAsync();
            mine.SetResult(await Guard(() => open.PrepareAsync(cql), CancellationToken.None));
        }
        catch (Exception e)
        {
            prepared.TryRemove(cql, out _);
            mine.SetException(e);
        }

        return await made;
    }

    /// <summary>All who wait for the same attempt learn how it went; whoever comes after a failure tries anew.</summary>
    Task<ISession> ConnectAsync()
    {
        lock (gate) return connecting is null or { IsFaulted: true } ? connecting = Task.Run(OpenAsync) : connecting;
    }

    async Task<ISession> OpenAsync()
    {
        var made = ClusterOf(options);
        try
        {
            session = await Guard(() => made.ConnectAsync(options.Keyspace), CancellationToken.None);
            cluster = made;
            return session;
        }
        catch
        {
            // It may never try again.
            await made.ShutdownAsync();
            throw;
        }
    }

    async Task MigrateAsync(ISession bare, CancellationToken ct)
    {
        // Who may use the keyspace may not be one who may make keyspaces.
        if (bare.Cluster.Metadata.GetKeyspace(options.Keyspace) is null)
        {
            await RunAsync(bare, $$"""
                CREATE KEYSPACE IF NOT EXISTS {{options.Keyspace}} WITH replication = {'class': 'NetworkTopologyStrategy', '{{options.LocalDatacenter}}': {{options.Replication}}}
                """, ct);
        }

        await RunAsync(bare, $"USE {options.Keyspace}", ct);
        await RunAsync(bare, CassandraSchema.Versions, ct);
        var known = (await Guard(() => bare.ExecuteAsync(new SimpleStatement("SELECT version FROM schema_versions WHERE name = ? LIMIT 1", CassandraSchema.Name)), ct)).FirstOrDefault()?.GetValue<int>(0) ?? 0;
        if (known > CassandraSchema.Steps.Length)
            throw new DatabaseRefusedException($"Cassandra's keyspace {options.Keyspace} has schema {known}; this program knows {CassandraSchema.Steps.Length} at most. Use a newer kith.");
        for (var version = known + 1; version <= CassandraSchema.Steps.Length; version++)
        {
            foreach (var step in CassandraSchema.Steps[version - 1])
                await RunAsync(bare, step, ct);
            await Guard(() => bare.ExecuteAsync(new SimpleStatement("INSERT INTO schema_versions (name, version) VALUES (?, ?)", CassandraSchema.Name, version)), ct);
        }
    }

    /// <summary>Waits as long as it takes some other processes to make the tables.</summary>
    static async Task<IAsyncDisposable> TurnAsync(ISharedLocks locks, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await locks.EnterAsync("cassandra schema", ct);
            }
            catch (UnavailableException) when (attempt < TurnAttempts)
            {
                // It gave up after some seconds: another process has its turn.
            }
        }
    }

    /// <summary>Without a keyspace, which may not be there yet. Says what an operator has to mend: a password, the datacenter's name, the address.</summary>
    async Task<ISession> FirstAsync(CancellationToken ct)
    {
        try
        {
            cluster = ClusterOf(options);
            return await cluster.ConnectAsync().WaitAsync(ct);
        }
        catch (Exception e) when (e is DriverException or ArgumentException or TimeoutException or System.Net.Sockets.SocketException)
        {
            if (Innermost<AuthenticationException>(e) is { } refusal) throw new DatabaseRefusedException($"Cassandra refuses this process: {OneLine(refusal)}", e);
            throw new DatabaseRefusedException($"Cassandra cannot be reached at {options.ContactPoints}, port {options.Port} (datacenter {options.LocalDatacenter}): {OneLine(e)}", e);
        }
    }

    static Task<RowSet> RunAsync(ISession on, string cql, CancellationToken ct) => Guard(() => on.ExecuteAsync(new SimpleStatement(cql)), ct);

    static Cluster ClusterOf(CassandraOptions options) => CassandraConnection.Build(options);

    /// <summary>
    /// The driver takes no cancellation: who cancels no longer waits. It would also go on with what waits for an answer on the thread that reads from the node; were that to wait for something
    /// in its turn, MySQL's lock for instance, whose holder waits for the next answer, neither would ever come. So what waits goes on on a thread of its own.
    /// </summary>
    static async Task<T> Guard<T>(Func<Task<T>> work, CancellationToken ct)
    {
        try
        {
            var task = work();
            await task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default).WaitAsync(ct);
            return await task;
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new UnavailableException("Cassandra", e);
        }
    }

    /// <summary>All but a statement that no node would take.</summary>
    static bool IsAway(Exception e) =>
        e is TimeoutException or System.Net.Sockets.SocketException or InitFatalErrorException or QueryExecutionException or (DriverException and not QueryValidationException);

    static T? Innermost<T>(Exception e)
        where T : Exception => e switch
        {
            T found => found,
            NoHostAvailableException none => none.Errors.Values.Select(Innermost<T>).FirstOrDefault(f => f is not null),
            { InnerException: { } inner } => Innermost<T>(inner),
            _ => null,
        };

    /// <summary>What was the matter at first, with one of the nodes.</summary>
    static string OneLine(Exception e) => (e is NoHostAvailableException { Errors.Count: > 0 } none ? none.Errors.Values.First() : e).GetBaseException().Message.ReplaceLineEndings(" ");
}

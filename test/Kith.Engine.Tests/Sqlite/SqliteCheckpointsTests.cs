using Dapper;
using Kith.Storage.Sql;
using Kith.Testing;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteCheckpointsTests
{
    /// <summary>A page of 4 KB each: ten times what is written before the log is first copied.</summary>
    const int Rows = 20_000;

    /// <summary>Bytes. The writer itself would copy the log at 66 million.</summary>
    const long MostLog = 60_000_000;

    [Fact]
    public async Task The_log_begins_anew_while_somebody_writes_without_a_pause()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "kith.db");
        await using var database = new SqliteDatabase(path);
        await database.WriteAsync(db => db.ExecuteAsync("CREATE TABLE pages (id INTEGER PRIMARY KEY, content BLOB NOT NULL)"), default);
        var content = new byte[4000];
        for (var id = 0; id < Rows; id += 50)
        {
            await database.WriteAsync(
                db => db.ExecuteAsync("INSERT INTO pages VALUES (@id, @content)", Enumerable.Range(id, 50).Select(i => new { id = i, content })), default);
        }

        Assert.InRange(new FileInfo($"{path}-wal").Length, 1, MostLog);
        Assert.Equal(Rows, await database.ReadAsync(db => db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM pages"), default));
        var copy = Path.Combine(folder.Path, "copy.db");
        await database.CopyAsync(copy, default);
        SqliteDatabase.Check(copy);
    }
}

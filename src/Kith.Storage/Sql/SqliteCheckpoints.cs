using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kith.Storage.Sql;

/// <summary>
/// Copies the write-ahead log into the database beside the writer, who would otherwise stop for it every few thousand pages. The writer copies only the pages that were written
/// meanwhile, so that nothing is left and the log begins anew instead of growing. A copy that fails, on a full disk say, is tried again after as many pages.
/// </summary>
/// <param name="writer">The one connection that writes.</param>
/// <param name="copier">One of its own, for the copies beside it.</param>
sealed class SqliteCheckpoints(SqliteConnection writer, SqliteConnection copier) : IAsyncDisposable
{
    /// <summary>Pages of 4 KB in the log before it is copied.</summary>
    const int Pages = 2000;

    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE: pages written since the last reset.</summary>
    const int PagesWritten = 9;

    int written;
    Task? copying;

    /// <summary>The writer has committed, and is in no transaction.</summary>
    public void Committed()
    {
        raw.sqlite3_db_status(writer.Handle!, PagesWritten, out var pages, out _, resetFlg: 1);
        written += pages;
        if (copying is null)
        {
            if (written < Pages) return;
            written = 0;
            copying = Task.Run(() => Copy(copier));
        }
        else if (copying.IsCompleted)
        {
            copying = null;
            Copy(writer);
        }
    }

    /// <summary>As far as readers allow; waits for nobody.</summary>
    static void Copy(SqliteConnection connection) => raw.sqlite3_wal_checkpoint_v2(connection.Handle!, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    public async ValueTask DisposeAsync()
    {
        if (copying is not null) await copying;
        await copier.DisposeAsync();
    }
}

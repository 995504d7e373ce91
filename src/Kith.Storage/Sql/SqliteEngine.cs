using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kith.Storage.Sql;

/// <summary>Chooses the SQLite library: the system's where there is one (maintained by the distribution), else the one in the package.</summary>
static class SqliteEngine
{
    static readonly Lock Gate = new();
    static bool initialized;

    public static void Initialize()
    {
        lock (Gate)
        {
            if (initialized) return;
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, static (name, _, _) =>
                name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var system) ? system : IntPtr.Zero);
            Batteries_V2.Init();
            // Each connection is used by one thread at a time, so SQLite need not lock it for every call, nor count its allocations under one lock for all.
            Configured(raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD));
            Configured(raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0));
            initialized = true;
        }
    }

    static void Configured(int code)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException($"SQLite refuses its configuration ({code}): something in the process has used it before.");
    }

    public static bool InTransaction(SqliteConnection connection) => raw.sqlite3_get_autocommit(connection.Handle!) == 0;
}

static class SqliteErrors
{
    const int Full = 13, IoError = 10, CannotOpen = 14, Busy = 5, Locked = 6, ReadOnly = 8;

    /// <summary>True for what is wrong with the machine and not with the statement.</summary>
    public static bool IsInfrastructure(SqliteException e) => e.SqliteErrorCode is Full or IoError or CannotOpen or Busy or Locked or ReadOnly;
}

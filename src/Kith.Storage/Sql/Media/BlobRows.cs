using System.Data.Common;
using Dapper;

namespace Kith.Storage.Sql.Media;

/// <summary>References to blobs, as part of the transactions of what refers to them.</summary>
sealed class BlobRows(SqlDialect dialect)
{
    /// <summary>False where the blob is doomed.</summary>
    public async Task<bool> ReferAsync(DbConnection db, string key)
    {
        await db.ExecuteAsync($"INSERT INTO blobs (blob_key, refs, doomed) VALUES (@key, 0, 0) {dialect.OnConflictUpdate("blob_key", "blob_key")}", new { key });
        return await db.ExecuteAsync("UPDATE blobs SET refs = refs + 1, released_at = NULL WHERE blob_key = @key AND doomed = 0", new { key }) == 1;
    }

    public static Task ReleaseAsync(DbConnection db, string key, DateTimeOffset now) => db.ExecuteAsync(
        "UPDATE blobs SET released_at = CASE WHEN refs <= 1 THEN @now ELSE released_at END, refs = refs - 1 WHERE blob_key = @key", new { key, now });

    public static async Task<IReadOnlyList<string>> DoomAsync(DbConnection db, DateTimeOffset before, int limit)
    {
        string[] keys = [.. await db.QueryAsync<string>("SELECT blob_key FROM blobs WHERE released_at < @before ORDER BY released_at LIMIT @limit", new { before, limit })];
        if (keys.Length > 0) await db.ExecuteAsync("UPDATE blobs SET doomed = 1 WHERE blob_key IN @keys AND refs <= 0", new { keys });
        return [.. await db.QueryAsync<string>("SELECT blob_key FROM blobs WHERE blob_key IN @keys AND doomed = 1", new { keys })];
    }
}

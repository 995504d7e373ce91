using Dapper;
using Kith.Engine.Media;

namespace Kith.Storage.Sql.Media;

/// <summary><c>images (kind, owner_id, hash) ─→ blobs (blob_key)</c></summary>
public sealed class SqlImageStore(SqlDatabase database) : IImageStore
{
    readonly BlobRows blobs = new(database.Dialect);

    public Task<bool> AddAsync(ImageRecord image, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var row = new { kind = (int)image.Kind, image.OwnerId, image.Hash, image.BlobKey, image.ContentType, image.Size };
        if (await db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM images WHERE kind = @kind AND owner_id = @OwnerId AND hash = @Hash", row) > 0) return true;
        if (!await blobs.ReferAsync(db, image.BlobKey)) return false;
        await db.ExecuteAsync("INSERT INTO images (kind, owner_id, hash, blob_key, content_type, size) VALUES (@kind, @OwnerId, @Hash, @BlobKey, @ContentType, @Size)", row);
        return true;
    }, ct);

    public Task<ImageRecord?> FindAsync(ImageKind kind, long owner, string? hash, CancellationToken ct) => database.ReadAsync(async db =>
        (await db.QueryFirstOrDefaultAsync<Row>(
            "SELECT hash, blob_key, content_type, size FROM images WHERE kind = @kind AND owner_id = @owner AND (@hash IS NULL OR hash = @hash)", new { kind = (int)kind, owner, hash }))
            is { } row ? new ImageRecord(kind, owner, row.Hash, row.BlobKey, row.ContentType, row.Size) : null, ct);

    public Task RetainAsync(ImageKind kind, long owner, string? hash, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var others = await db.QueryAsync<(string Hash, string Key)>(
            $"SELECT hash, blob_key FROM images WHERE kind = @kind AND owner_id = @owner AND hash <> @hash{database.Dialect.ForUpdate}", new { kind = (int)kind, owner, hash = hash ?? "" });
        foreach (var (other, key) in others.ToArray())
        {
            await db.ExecuteAsync("DELETE FROM images WHERE kind = @kind AND owner_id = @owner AND hash = @other", new { kind = (int)kind, owner, other });
            await BlobRows.ReleaseAsync(db, key, now);
        }
    }, ct);

    sealed record Row
    {
        public string Hash { get; init; } = "";
        public string BlobKey { get; init; } = "";
        public string ContentType { get; init; } = "";
        public long Size { get; init; }
    }
}

using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Expressions;

namespace Kith.Storage.Sql.Guilds;

/// <summary>Emojis and stickers, as part of a guild's change.</summary>
sealed class ExpressionRows(SqlDialect dialect)
{
    public async Task SaveAsync(DbConnection connection, GuildChange change)
    {
        var guild = change.Before.Id;
        foreach (var emoji in change.Emojis)
            await connection.ExecuteAsync(Save("emojis"), new { guild, id = emoji.Id.Value, data = SqlTypes.Json(emoji) });
        foreach (var sticker in change.Stickers)
            await connection.ExecuteAsync(Save("stickers"), new { guild, id = sticker.Id.Value, data = SqlTypes.Json(sticker) });
        if (change.DeletedEmoji is { } emojiId) await connection.ExecuteAsync("DELETE FROM emojis WHERE guild_id = @guild AND id = @emojiId", new { guild, emojiId });
        if (change.DeletedSticker is { } stickerId) await connection.ExecuteAsync("DELETE FROM stickers WHERE guild_id = @guild AND id = @stickerId", new { guild, stickerId });
    }

    string Save(string table) => $"INSERT INTO {table} (guild_id, id, data) VALUES (@guild, @id, @data) {dialect.OnConflictUpdate("guild_id, id", "data")}";
}

public sealed class SqlStickerStore(SqlDatabase database) : IStickerStore
{
    public Task<StickerRecord?> FindAsync(StickerId id, CancellationToken ct) => database.ReadAsync(
        async db => await db.QuerySingleOrDefaultAsync<string>("SELECT data FROM stickers WHERE id = @id", new { id }) is { } data ? SqlTypes.FromJson<StickerRecord>(data) : null, ct);
}

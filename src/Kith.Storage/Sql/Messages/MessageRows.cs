using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Storage.Sql.Messages;

/// <summary>A row of messages.</summary>
sealed record MessageRow
{
    public const string Columns = "id, channel_id, author_id, type, content, created_at, edited_at, flags, pinned, mentions, parts";

    public MessageId Id { get; init; }
    public ChannelId ChannelId { get; init; }
    public UserId AuthorId { get; init; }
    public int Type { get; init; }
    public string Content { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; init; }
    public int Flags { get; init; }
    public bool Pinned { get; init; }
    public string? Mentions { get; init; }
    public string? Parts { get; init; }

    public MessageRecord ToRecord() => new()
    {
        Id = Id, ChannelId = ChannelId, AuthorId = AuthorId, Type = (MessageType)Type, Content = Content, Timestamp = CreatedAt, EditedTimestamp = EditedAt,
        Flags = (MessageFlags)Flags, Pinned = Pinned, Mentions = MentionColumn.Read(Mentions),
        Parts = Parts is null ? MessageParts.None : SqlTypes.FromJson<MessageParts>(Parts),
    };

    public static string? PartsOf(MessageRecord message) => message.Parts.IsEmpty ? null : SqlTypes.Json(message.Parts);
}

/// <summary>Rows of messages, many at once.</summary>
static class MessageRows
{
    /// <summary>In the order of <see cref="MessageRow.Columns"/>.</summary>
    public static void Add(SqlBatch batch, IReadOnlyList<MessageRecord> messages) => batch.Insert($"INSERT INTO messages ({MessageRow.Columns})", messages.Select(m =>
    {
        var edited = m.EditedTimestamp is { } at ? $"{at.ToUnixTimeMilliseconds()}" : "NULL";
        var texts = $"{batch.Text(MentionColumn.Write(m.Mentions))}, {batch.Text(MessageRow.PartsOf(m))}";
        return $"({m.Id}, {m.ChannelId}, {m.AuthorId}, {(int)m.Type}, {batch.Text(m.Content)}, {m.Timestamp.ToUnixTimeMilliseconds()}, {edited}, {(int)m.Flags}, {(m.Pinned ? 1 : 0)}, {texts})";
    }));
}

/// <summary>A set of mentions as <c>users|roles|everyone</c>, ids separated by commas; null for none, which most messages have.</summary>
static class MentionColumn
{
    public static string? Write(MentionSet mentions) => mentions.Users.Count == 0 && !mentions.IsBroadcast
        ? null
        : $"{SqlTypes.Join(mentions.Users)}|{SqlTypes.Join(mentions.Roles)}|{(mentions.Everyone ? "1" : "")}";

    public static MentionSet Read(string? column)
    {
        if (column is null) return MentionSet.None;
        var parts = column.Split('|');
        return new MentionSet(SqlTypes.Split<UserId>(parts[0]), SqlTypes.Split<RoleId>(parts[1]), parts[2].Length > 0);
    }
}

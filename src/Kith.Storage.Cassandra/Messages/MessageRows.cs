using Cassandra;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Protocol;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Rows of messages.</summary>
static class MessageRows
{
    public const string Columns = "message_id, channel_id, author_id, type, content, created_at, edited_at, flags, pinned, mentions, parts, nonce";

    public const string Insert =
        "INSERT INTO messages (channel_id, bucket, message_id, author_id, type, content, created_at, edited_at, flags, pinned, mentions, parts, nonce) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";

    public const string Delete = "DELETE FROM messages USING TIMESTAMP ? WHERE channel_id = ? AND bucket = ? AND message_id = ?";

    static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    public static object[] ValuesOf(MessageRecord m, long writtenAt) =>
    [
        m.ChannelId.Value, MessageBuckets.Of(m.Id), m.Id.Value, m.AuthorId.Value, (int)m.Type, m.Content, m.Timestamp, EditedAt(m), (int)m.Flags, m.Pinned,
        MentionColumn.Write(m.Mentions) ?? "", Parts(m), m.Nonce ?? "", writtenAt,
    ];

    public static DateTimeOffset EditedAt(MessageRecord message) => message.EditedTimestamp ?? Never;

    public static string Parts(MessageRecord message) => message.Parts.IsEmpty ? "" : SqlTypes.Json(message.Parts);

    public static MessageRecord ToRecord(Row row)
    {
        var (edited, mentions, parts) = (row.GetValue<DateTimeOffset>("edited_at"), row.GetValue<string>("mentions"), row.GetValue<string>("parts"));
        return new MessageRecord
        {
            Id = new MessageId(row.GetValue<long>("message_id")), ChannelId = new ChannelId(row.GetValue<long>("channel_id")), AuthorId = new UserId(row.GetValue<long>("author_id")),
            Type = (MessageType)row.GetValue<int>("type"), Content = row.GetValue<string>("content"), Timestamp = row.GetValue<DateTimeOffset>("created_at"),
            EditedTimestamp = edited == Never ? null : edited, Flags = (MessageFlags)row.GetValue<int>("flags"), Pinned = row.GetValue<bool>("pinned"),
            Mentions = mentions.Length == 0 ? MentionSet.None : MentionColumn.Read(mentions),
            Parts = parts.Length == 0 ? MessageParts.None : SqlTypes.FromJson<MessageParts>(parts),
            Nonce = row.GetValue<string>("nonce") is { Length: > 0 } nonce ? nonce : null,
        };
    }
}

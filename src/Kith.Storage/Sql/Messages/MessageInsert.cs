using System.Data.Common;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// The statements of a send, which the connection keeps.
/// </summary>
sealed class MessageInsert
{
    readonly PreparedStatement message;
    readonly PreparedStatement claimNonce;
    readonly PreparedStatement findNonce;
    readonly PreparedStatement direct;
    readonly PreparedStatement broadcast;

    public MessageInsert(DbConnection connection, SqlDialect dialect)
    {
        message = PreparedStatement.On(
            connection, $"INSERT INTO messages ({MessageRow.Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)", 11);
        claimNonce = PreparedStatement.On(connection, $"{dialect.InsertIgnore} INTO sent_nonces (channel_id, author_id, nonce, message_id) VALUES (@p0, @p1, @p2, @p3)", 4);
        findNonce = PreparedStatement.On(connection, "SELECT message_id FROM sent_nonces WHERE channel_id = @p0 AND author_id = @p1 AND nonce = @p2", 3);
        direct = PreparedStatement.On(connection, $"{dialect.InsertIgnore} INTO direct_mentions (user_id, channel_id, message_id) VALUES (@p0, @p1, @p2)", 3);
        broadcast = PreparedStatement.On(connection, $"{dialect.InsertIgnore} INTO broadcast_mentions (channel_id, message_id, author_id, mentions) VALUES (@p0, @p1, @p2, @p3)", 4);
    }

    /// <summary>Returns the id under which the message is known: another's where its nonce was used before.</summary>
    public async Task<MessageId> RunAsync(MessageRecord m)
    {
        if (m.Nonce is { } nonce && await claimNonce.ExecuteAsync(m.ChannelId.Value, m.AuthorId.Value, nonce, m.Id.Value) == 0)
            return new MessageId(await findNonce.ScalarAsync(m.ChannelId.Value, m.AuthorId.Value, nonce));
        var mentions = MentionColumn.Write(m.Mentions);
        await message.ExecuteAsync(
            m.Id.Value, m.ChannelId.Value, m.AuthorId.Value, (int)m.Type, m.Content, m.Timestamp.ToUnixTimeMilliseconds(), m.EditedTimestamp?.ToUnixTimeMilliseconds(),
            (int)m.Flags, m.Pinned ? 1 : 0, mentions, MessageRow.PartsOf(m));
        foreach (var user in m.Mentions.Users)
        {
            if (user != m.AuthorId) await direct.ExecuteAsync(user.Value, m.ChannelId.Value, m.Id.Value);
        }

        if (m.Mentions.IsBroadcast) await broadcast.ExecuteAsync(m.ChannelId.Value, m.Id.Value, m.AuthorId.Value, mentions);
        return m.Id;
    }
}

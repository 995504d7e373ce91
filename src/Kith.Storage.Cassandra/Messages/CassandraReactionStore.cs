using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Reactions stay relational; whether there is such a message is known here. One added while its message is being deleted is left in the table, where nobody sees it.</summary>
public sealed class CassandraReactionStore(SqlReactionStore rows, IMessageStore messages) : IReactionStore
{
    public async Task<bool?> AddAsync(ChannelId channel, MessageId message, string emoji, UserId user, DateTimeOffset at, int mostKinds, CancellationToken ct) =>
        await messages.FindAsync(channel, message, ct) is null ? false : await rows.AddToKnownAsync(channel, message, emoji, user, at, mostKinds, ct);

    public Task<bool> RemoveAsync(MessageId message, string emoji, UserId user, CancellationToken ct) => rows.RemoveAsync(message, emoji, user, ct);

    public Task<bool> ClearAsync(MessageId message, string? emoji, CancellationToken ct) => rows.ClearAsync(message, emoji, ct);

    public Task<IReadOnlyList<ReactionCount>> CountsAsync(IReadOnlyCollection<MessageId> messages, UserId me, CancellationToken ct) => rows.CountsAsync(messages, me, ct);

    public Task<IReadOnlyList<UserId>> UsersAsync(MessageId message, string emoji, UserId after, int limit, CancellationToken ct) => rows.UsersAsync(message, emoji, after, limit, ct);
}

using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Export;

/// <summary>Messages as an export needs them. Not for requests: it may cost a pass over all there are.</summary>
public interface IMessageArchive
{
    /// <summary>What someone wrote, anywhere, newer than <paramref name="after"/>: ascending, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<MessageRecord>> OfAuthorAsync(UserId author, MessageId after, int limit, CancellationToken ct);
}

using System.Collections.Immutable;
using Kith.Domain;

namespace Kith.Client;

/// <summary>
/// How far a channel was read, and the mentions past that. The server's count reaches through a message; later mentions are kept by id, because an
/// answer to an ack may have been counted before a message that arrived earlier than the answer.
/// </summary>
public sealed record ChannelMark
{
    public required MessageId LastRead { get; init; }

    /// <summary>What the server counted, up to <see cref="CountedThrough"/>, less what was deleted since.</summary>
    public required int Counted { get; init; }

    public required MessageId CountedThrough { get; init; }

    /// <summary>Mentions past <see cref="CountedThrough"/>.</summary>
    public ImmutableSortedSet<long> Later { get; init; } = [];

    /// <summary>The server's number of this mark; of two, the greater is the newer.</summary>
    public long Version { get; init; }

    public int Mentions => Counted + Later.Count;

    /// <summary>The server counted anew.</summary>
    internal ChannelMark Recount(MessageId lastRead, int mentions, MessageId through) => this with
    {
        LastRead = lastRead,
        Counted = mentions,
        CountedThrough = through,
        Later = Later.Where(id => id > through.Value && id > lastRead.Value).ToImmutableSortedSet(),
    };

    internal ChannelMark Mention(MessageId message) =>
        message <= CountedThrough || message <= LastRead ? this : this with { Later = Later.Add(message.Value) };

    /// <summary>A message that mentions was deleted.</summary>
    internal ChannelMark Unmention(MessageId message)
    {
        if (message <= LastRead) return this;
        if (message > CountedThrough) return this with { Later = Later.Remove(message.Value) };
        return this with { Counted = Math.Max(0, Counted - 1) };
    }
}

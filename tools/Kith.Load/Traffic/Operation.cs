namespace Kith.Load.Traffic;

internal enum OperationKind : byte
{
    /// <summary>POST a message.</summary>
    Send,

    /// <summary>GET the newest 50 messages.</summary>
    Read,

    /// <summary>Mark the newest message that is known as read.</summary>
    Ack,
    Typing,
}

/// <summary>One request to come.</summary>
/// <param name="Due">Microseconds at which it is to be sent, however late it then is.</param>
/// <param name="Account">Index among the plan's tokens.</param>
/// <param name="Channel">Index among the run's channels.</param>
/// <param name="Text">Index among the source's texts; only for <see cref="OperationKind.Send"/>.</param>
internal readonly record struct Operation(OperationKind Kind, long Due, int Account, int Channel, int Text)
{
    /// <summary>Index of the account that the message begins by naming, or -1.</summary>
    public int Mention { get; init; } = -1;

    /// <summary>The message's number in its channel, from 1; kept when the request is tried again, so that the nonce is the same.</summary>
    public uint Number { get; init; }

    public byte Attempts { get; init; }
}

/// <summary>Decides what is sent and when. It belongs to the traffic loop's thread.</summary>
internal abstract class TrafficSource
{
    /// <summary>Message texts, already escaped for JSON, UTF-8.</summary>
    public abstract IReadOnlyList<byte[]> Texts { get; }

    /// <summary>Nothing more will ever come.</summary>
    public abstract bool Exhausted(long now);

    /// <summary>The next operation, if one is due.</summary>
    /// <param name="lane">The connection that is free for it.</param>
    public abstract bool TryNext(long now, int lane, out Operation operation);

    /// <summary>When to ask again if nothing was due, microseconds.</summary>
    public abstract long NextDue(long now);
}

/// <summary>Who sends where; a source takes its lanes in turn, or one per connection.</summary>
internal readonly record struct Lane(int Account, int Channel);

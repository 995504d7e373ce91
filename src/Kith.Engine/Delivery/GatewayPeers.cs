namespace Kith.Engine.Delivery;

/// <summary>Questions of one gateway node to all others. Adapters: in process (there are none); Redis.</summary>
public interface IGatewayPeers
{
    /// <summary>The answer of the one that has one; null where none has, or none answered in time.</summary>
    ValueTask<byte[]?> AskAsync(byte[] question, CancellationToken ct);

    /// <summary>Returns once all that this node was handed before the call has come to its <see cref="IEventSink"/>.</summary>
    /// <exception cref="UnavailableException">That is not known, or takes too long.</exception>
    ValueTask CatchUpAsync(CancellationToken ct);

    /// <summary>From now on questions of others are answered so; null is no answer.</summary>
    void Answer(Func<byte[], CancellationToken, Task<byte[]?>> answer);
}

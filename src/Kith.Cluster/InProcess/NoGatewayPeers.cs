using Kith.Engine.Delivery;

namespace Kith.Cluster.InProcess;

/// <summary>The only gateway has nobody to ask.</summary>
public sealed class NoGatewayPeers : IGatewayPeers
{
    public ValueTask<byte[]?> AskAsync(byte[] question, CancellationToken ct) => default;

    public ValueTask CatchUpAsync(CancellationToken ct) => default;

    public void Answer(Func<byte[], CancellationToken, Task<byte[]?>> answer)
    {
        // Nobody asks.
    }
}

using Kith.Gateway.Transport;

namespace Kith.Gateway.Resume;

enum ResumeOutcome
{
    Resumed,

    /// <summary>Something that is to be replayed is being made again.</summary>
    Later,

    /// <summary>Some of what the client lacks is no longer held.</summary>
    TooOld,

    /// <summary>The client says to have what was never sent.</summary>
    FromFuture,
}

/// <summary>Hears of a connection whose session has gone over to another one: nothing.</summary>
sealed class FormerConnection : IGatewayConnectionHandler
{
    public static readonly FormerConnection Instance = new();

    public void OnOpened(GatewayConnection connection)
    {
        // It was opened long ago.
    }

    public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        // It is closing.
    }

    public void OnDeadline(GatewayConnection connection) => connection.Abort();

    public void OnOverflow(GatewayConnection connection) => connection.Abort();

    public void OnClosed(GatewayConnection connection, ConnectionClose close)
    {
        // The session lives on elsewhere.
    }
}

using System.Runtime.CompilerServices;

namespace Kith.Client;

/// <summary>
/// One account or bot: REST calls, live events, and the state that follows from them. <see cref="EventsAsync"/> has one reader; all else is safe for any number of threads.
/// </summary>
public sealed class KithClient : IDisposable
{
    public KithClient(KithClientOptions options)
    {
        Rest = new KithRest(options);
        Gateway = new GatewayClient(options, Rest.Raw);
    }

    public KithRest Rest { get; }

    public GatewayClient Gateway { get; }

    /// <summary>What was true after the last event that <see cref="EventsAsync"/> gave out; null before the first READY.</summary>
    public ClientState? State { get; private set; }

    /// <summary>Connects and yields events until cancelled; <see cref="State"/> includes each when it is yielded.</summary>
    /// <exception cref="GatewayRefusedException">Connecting again cannot help.</exception>
    public async IAsyncEnumerable<GatewayEvent> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var e in Gateway.ReadAsync(ct))
        {
            State = e is SessionStarted started ? ClientState.From(started.Ready) : State?.Apply(e);
            yield return e;
        }
    }

    public void Dispose() => Rest.Dispose();
}

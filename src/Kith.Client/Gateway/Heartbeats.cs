using Kith.Protocol;

namespace Kith.Client;

/// <summary>
/// Keeps one connection alive: the first beat after a random part of the interval, so that clients that came together do not beat together. A beat
/// without an answer by the time of the next means that the connection is dead, whatever TCP thinks: it is aborted.
/// </summary>
sealed class Heartbeats(GatewaySocket socket, TimeSpan interval, Func<long?> sequence, TimeProvider clock)
{
    volatile bool answered = true;

    public async Task RunAsync(CancellationToken ct)
    {
        var wait = interval * Random.Shared.NextDouble();
        while (true)
        {
            await Task.Delay(wait, clock, ct);
            if (!answered)
            {
                socket.Abort();
                return;
            }

            await BeatAsync(ct);
            wait = interval;
        }
    }

    /// <summary>Beats now: because the gateway asked, or to confirm what was received.</summary>
    public Task BeatAsync(CancellationToken ct)
    {
        answered = false;
        return socket.SendAsync(GatewayOpcode.Heartbeat, sequence(), ct);
    }

    public void Answered() => answered = true;
}

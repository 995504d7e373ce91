using Kith.Engine.Delivery;

namespace Kith.Cluster.InProcess;

/// <summary>Stands where nobody listens: commands that change the store from outside a server. Who is connected learns of it by reading the store.</summary>
public sealed class NoEventLog : IEventLog
{
    public ValueTask PublishAsync(Event e, CancellationToken ct) => default;

    public void RefuseIfAway()
    {
        // Nobody listens, and nobody is missed.
    }
}

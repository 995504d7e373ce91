using Kith.Engine.Delivery;

namespace Kith.Cluster.InProcess;

/// <summary>Stands where a process has no gateway: nobody is here to deliver to.</summary>
public sealed class NoGateway : IEventSink
{
    public void Deliver(Event e)
    {
        // No sockets, nothing to do.
    }
}

namespace Kith.Gateway.Transport;

/// <summary>How the gateway's sockets are run.</summary>
public sealed class GatewayTransportOptions
{
    /// <summary>Threads that own the sockets; 0 for one per two processors.</summary>
    public int Loops { get; set; }

    /// <summary>Threads that receive for HTTP; 0 for one per four processors.</summary>
    public int HttpLoops { get; set; }

    /// <summary>What a session may leave waiting and keep.</summary>
    public EventRingLimits Events { get; set; } = new();

    /// <summary>Pieces of work from other threads that may wait for one loop before <see cref="GatewayLoop.TryPost"/> refuses more.</summary>
    public int InboxCapacity { get; set; } = 65_536;

    /// <summary>How long a client may take to answer a close frame.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that may wait to be accepted; the kernel's net.core.somaxconn is a limit of its own.</summary>
    public int Backlog { get; set; } = 8192;

    /// <summary>New connections a second that are begun with, the others wait; 0 for 1500 per processor, less than half of what it can do.</summary>
    public int Arrivals { get; set; }

    /// <summary>Bytes of a request that are read ahead of the application.</summary>
    public long MaxReadAhead { get; set; } = 1 << 20;

    /// <summary>Bytes of a response that may wait for the client.</summary>
    public long MaxWriteBehind { get; set; } = 64 << 10;

    /// <summary>SO_SNDBUF of accepted sockets in bytes; 0 leaves it to the kernel, which adapts it.</summary>
    public int SendBuffer { get; set; }

    internal int EffectiveArrivals => Arrivals > 0 ? Arrivals : 1500 * Environment.ProcessorCount;

    internal int EffectiveLoops => Loops > 0 ? Loops : Math.Max(1, Environment.ProcessorCount / 2);

    internal int EffectiveHttpLoops => HttpLoops > 0 ? HttpLoops : Math.Max(1, Environment.ProcessorCount / 4);
}

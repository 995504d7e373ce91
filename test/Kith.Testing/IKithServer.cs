namespace Kith.Testing;

/// <summary>The server as its clients see it: one process, or a cluster behind one address.</summary>
public interface IKithServer
{
    /// <summary>Scheme, host and port, without a slash.</summary>
    Uri Address { get; }

    /// <summary>A client without a token.</summary>
    ApiClient Anonymous();

    /// <summary>A way to the server that a test may cut, for all that its clients do.</summary>
    Line OpenLine();
}

/// <param name="isShared">Others use it afterwards.</param>
public sealed class Line(FaultProxy proxy, bool isShared) : IAsyncDisposable
{
    public FaultProxy Proxy => proxy;

    public ValueTask DisposeAsync() => isShared ? default : proxy.DisposeAsync();
}

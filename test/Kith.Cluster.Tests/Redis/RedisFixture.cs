using Kith.Cluster.Redis;
using Kith.Cluster.Tests.Redis;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Kith.Cluster.Tests.Redis;

/// <summary>One Redis for all contract suites, and two processes' links to it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public RedisLink One { get; private set; } = null!;

    public RedisLink Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        (One, Other) = (Link(Server), Link(Server));
    }

    public static RedisLink Link(RedisServer server, Func<RedisOptions, RedisOptions>? options = null) =>
        Link(server.Address, options);

    public static RedisLink Link(string address, Func<RedisOptions, RedisOptions>? options = null)
    {
        var all = new RedisOptions { Address = address, Lease = TimeSpan.FromSeconds(3) };
        return new RedisLink(options?.Invoke(all) ?? all, TimeProvider.System, NullLogger<RedisLink>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Server.DisposeAsync();
    }
}

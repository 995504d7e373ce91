using Kith.Server.Configuration;

namespace Kith.Server.Composition;

/// <summary>For a build without the driver: what it cannot do is refused, and nothing else takes its place.</summary>
static class CassandraComposition
{
    /// <exception cref="StartException">Cassandra is to keep the messages.</exception>
    public static IServiceCollection AddCassandra(this IServiceCollection services, KithOptions options) => options.Cassandra.IsSet
        ? throw new StartException("Cassandra:ContactPoints is set, but this kith was built without Cassandra's driver: build it with -p:Drivers=all.")
        : services;
}

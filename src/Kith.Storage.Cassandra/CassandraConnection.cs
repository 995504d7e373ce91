using Cassandra;

namespace Kith.Storage.Cassandra;

/// <summary>How nodes are spoken to.</summary>
static class CassandraConnection
{
    static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(4);

    public static Cluster Build(CassandraOptions options)
    {
        var builder = Cluster.Builder()
            .AddContactPoints(options.Nodes)
            .WithPort(options.Port)
            .WithMaxProtocolVersion((ProtocolVersion)options.Protocol)
            .WithLoadBalancingPolicy(new TokenAwarePolicy(new DCAwareRoundRobinPolicy(options.LocalDatacenter)))
            .WithQueryOptions(new QueryOptions().SetConsistencyLevel(ConsistencyLevel.LocalQuorum).SetSerialConsistencyLevel(ConsistencyLevel.LocalSerial))
            .WithRetryPolicy(new BoundedRetries())
            .WithReconnectionPolicy(new ExponentialReconnectionPolicy((long)FirstRetry.TotalMilliseconds, (long)LastRetry.TotalMilliseconds))
            .WithSocketOptions(new SocketOptions().SetConnectTimeoutMillis((int)options.Timeout.TotalMilliseconds).SetReadTimeoutMillis((int)options.Timeout.TotalMilliseconds));
        if (options.User.Length > 0) builder = builder.WithCredentials(options.User, options.Password);
        if (options.Tls) builder = builder.WithSSL(NodeCertificates.Read(options).AsOptions());
        return builder.Build();
    }
}

using Cassandra;
using Kith.Storage.Cassandra;

namespace Kith.Cassandra.Tests;

/// <summary>Statements past the adapter, as an operator's shell would send them.</summary>
static class Cql
{
    public static async Task<IReadOnlyList<Row>> RunAsync(CassandraOptions options, string cql)
    {
        using var cluster = global::Cassandra.Cluster.Builder().AddContactPoints(options.Nodes).WithPort(options.Port).WithMaxProtocolVersion((ProtocolVersion)options.Protocol).WithQueryTimeout(60_000).WithSocketOptions(new SocketOptions().SetReadTimeoutMillis(60_000)).Build();
        using var session = await cluster.ConnectAsync();
        return [.. await session.ExecuteAsync(new SimpleStatement(cql))];
    }
}

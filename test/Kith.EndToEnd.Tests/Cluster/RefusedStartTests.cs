using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

public sealed class RefusedStartTests
{
    [Fact]
    public async Task A_process_that_cannot_be_part_of_the_cluster_says_why_in_one_line_and_fails()
    {
        await using var cluster = await KithCluster.StartAsync(new KithClusterSetup { Api = 0, Gateways = 0, Deliveries = 0, ZooKeeper = true });
        await RefusedAsync(cluster, "Kafka is away. ", ("Kafka:Servers", "127.0.0.1:1"));
        await RefusedAsync(cluster, "ZooKeeper is away. ", ("ZooKeeper:Servers", "127.0.0.1:1"), ("ZooKeeper:SessionTimeout", "1s"));
        await RefusedAsync(cluster, "ZooKeeper is away. ", ("ZooKeeper:Servers", "nowhere.invalid:2181"), ("ZooKeeper:SessionTimeout", "1s"));
        await cluster.AddAsync("delivery", redis: null, ("Cluster:Worker", "700"), ("Cluster:Node", "holder"));
        await RefusedAsync(cluster, "Worker id 700 is another process's: holder.", ("Cluster:Worker", "700"), ("ZooKeeper:SessionTimeout", "1s"));
        await RefusedAsync(cluster, "Another process has the name holder.", ("Cluster:Node", "holder"), ("ZooKeeper:SessionTimeout", "1s"));
    }

    static async Task RefusedAsync(KithCluster cluster, string why, params (string Option, string Value)[] options)
    {
        var (code, _, error) = await cluster.RefusedAsync("delivery", options);
        var complaints = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith("kith: ", StringComparison.Ordinal)).ToArray();
        Assert.Single(complaints);
        Assert.StartsWith("kith: " + why, complaints[0], StringComparison.Ordinal);
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}

using Kith.EndToEnd.Tests.Durability;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>One process of a role, the oldest, or of delivery the one that has the messages; another of that role goes on.</summary>
sealed class RoleOfCluster(KithCluster cluster, string role) : IVictim
{
    public Uri Address => cluster.Address;

    public IReadOnlyList<ApiClient> Processes => cluster.Requested();

    public bool OthersGoOn => true;

    public bool MayDieUntold => role == "api";

    /// <summary>A second time, the newcomer might still be joining its group, and librdkafka's mock of a broker ends itself where the leader dies then.</summary>
    public int Rounds => role == "delivery" ? 1 : 2;

    public async Task KillAsync() => await cluster.KillAsync(role == "delivery" ? await DeliveringAsync() : cluster.Of(role)[0]);

    public async Task StartAsync()
    {
        if (cluster.Of(role).Count < 2) await cluster.AddAsync(role);
    }

    public Task RestartInOrderAsync() => Task.CompletedTask;

    public string Output() => cluster.Output();

    /// <summary>All events of a server are in one partition, so one process delivers them.</summary>
    async Task<ClusterNode> DeliveringAsync()
    {
        var before = new Dictionary<ClusterNode, long>();
        foreach (var node in cluster.Of(role))
            before.Add(node, await CountAsync(node));
        ClusterNode? delivering = null;
        await Deadline.Until(
            async () =>
            {
                foreach (var (node, count) in before)
                {
                    if (await CountAsync(node) > count) delivering = node;
                }

                return delivering;
            },
            found => found is not null, $"somebody delivers; {cluster.Output()}");
        return delivering!;
    }

    static Task<long> CountAsync(ClusterNode node) => node.CountAsync("kith_delivery_copies_total{event=\"MESSAGE_CREATE\"}");
}

/// <summary>
/// Its MariaDB, which writes its log to disk before it answers. What a kill leaves to the kernel is not lost: a machine without power is another matter, for which there is that setting.
/// </summary>
sealed class StoreOfCluster(KithCluster cluster) : IVictim
{
    bool isDead;

    public Uri Address => cluster.Address;

    public IReadOnlyList<ApiClient> Processes => cluster.Requested();

    public bool OthersGoOn => false;

    public bool MayDieUntold => false;

    public int Rounds => 2;

    public async Task KillAsync()
    {
        await cluster.MariaDb.KillAsync();
        isDead = true;
    }

    public async Task StartAsync()
    {
        if (isDead) await cluster.MariaDb.StartProcessAsync();
        isDead = false;
    }

    public Task RestartInOrderAsync() => Task.CompletedTask;

    public string Output() => cluster.Output();
}

static class RequestedProcesses
{
    public static IReadOnlyList<ApiClient> Requested(this KithCluster cluster) => [.. cluster.Of("api").Select(n => new ApiClient(n.Address, token: null))];
}

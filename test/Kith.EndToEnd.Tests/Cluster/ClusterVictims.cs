using Kith.EndToEnd.Tests.Durability;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>One process of a role, the oldest; another of that role goes on.</summary>
sealed class RoleOfCluster(KithCluster cluster, string role) : IVictim
{
    public Uri Address => cluster.Address;

    public IReadOnlyList<ApiClient> Processes => cluster.Requested();

    public bool OthersGoOn => true;

    public bool MayDieUntold => role == "api";

    /// <summary>So that each of those that the cluster began with is killed once.</summary>
    public int Rounds => 2;

    public Task KillAsync() => cluster.KillAsync(cluster.Of(role)[0]);

    public async Task StartAsync()
    {
        if (cluster.Of(role).Count < 2) await cluster.AddAsync(role);
    }

    public Task RestartInOrderAsync() => Task.CompletedTask;

    public string Output() => cluster.Output();
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

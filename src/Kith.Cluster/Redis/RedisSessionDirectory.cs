using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Who hosts whom, looked up in one step. A node counts as hosting everyone while it is not known to have written down whom it hosts: after Redis was emptied, until it has
/// done so again. Where Redis is away, the answer is every node that was alive when it last answered.
/// </summary>
public sealed class RedisSessionDirectory(RedisLink link, IPresenceDirectory presences, TimeProvider clock, RedisHosting? hosting = null) : ISessionDirectory
{
    const int ScriptKeys = 1000;

    /// <summary>How long a node that is no longer listed is still handed everything.</summary>
    static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

    static readonly RedisScript Lookup = new("""
        local t = redis.call('TIME')
        local alive = redis.call('ZRANGEBYSCORE', KEYS[1], t[1] * 1000, '+inf')
        local version = redis.call('GET', KEYS[2]) or ''
        if #KEYS == 2 then return {alive, alive, version} end
        return {alive, redis.call('SUNION', unpack(KEYS, 3)), version}
        """);

    readonly ConcurrentDictionary<string, long> known = new(StringComparer.Ordinal);

    public ValueTask<HostingNodes> NodesOfGuildAsync(GuildId guild, CancellationToken ct) => LookupAsync([RedisKeys.Guild(guild.Value)], ct);

    public ValueTask<HostingNodes> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) =>
        users.Count > ScriptKeys ? AllNodesAsync(ct) : LookupAsync([.. users.Select(u => RedisKeys.User(u.Value))], ct);

    public ValueTask<HostingNodes> AllNodesAsync(CancellationToken ct) => LookupAsync([], ct);

    public ValueTask<IReadOnlySet<UserId>> OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => presences.ConnectedAsync(users, ct);

    public void UserChanged(UserId user, bool hosted) => hosting?.Changed(new HostedKey(HostedKind.User, user.Value), hosted);

    public void GuildChanged(GuildId guild, bool hosted) => hosting?.Changed(new HostedKey(HostedKind.Guild, guild.Value), hosted);

    public async ValueTask SettleAsync(CancellationToken ct)
    {
        if (hosting is not null) await hosting.SettleAsync(ct);
    }

    async ValueTask<HostingNodes> LookupAsync(string[] keys, CancellationToken ct)
    {
        try
        {
            var answer = (RedisResult[])await link.RunAsync(Lookup, [RedisKeys.Nodes, RedisKeys.HostingVersion, .. keys.Select(k => (RedisKey)k)], [], ct);
            return new HostingNodes(Choose((string[])answer[0], (string[])answer[1]), (string)answer[2]);
        }
        catch (UnavailableException)
        {
            return new HostingNodes([.. known.Keys.Select(name => new NodeId(name))], "");
        }
    }

    List<NodeId> Choose(string[] alive, string[] hosts)
    {
        var now = clock.GetTimestamp();
        foreach (var name in alive)
            known[name] = now;
        List<NodeId> chosen = [];
        foreach (var (name, seen) in known)
        {
            var isAlive = seen == now || alive.Contains(name);
            if (isAlive ? hosts.Contains(name) : clock.GetElapsedTime(seen, now) < Doubt) chosen.Add(new NodeId(name));
            else if (!isAlive) known.TryRemove(KeyValuePair.Create(name, seen));
        }

        return chosen;
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>Presences over all nodes: for each user one hash, with a field for each node that it is connected to. What this node has said is kept here as well, to be said again.</summary>
public sealed class RedisPresenceDirectory(RedisLink link, NodeId node) : IPresenceDirectory
{
    const int ScriptUsers = 500;

    static readonly RedisScript Set = new("""
        local before = redis.call('HGETALL', KEYS[1])
        if ARGV[2] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
        return before
        """);

    static readonly RedisScript Find = new("""
        local found = {}
        for i, user in ipairs(KEYS) do found[i] = redis.call('HVALS', user) end
        return found
        """);

    readonly ConcurrentDictionary<UserId, byte[]> own = new();
    readonly Channel<(UserId, PresenceChange)> corrections = Channel.CreateUnbounded<(UserId, PresenceChange)>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<(UserId User, PresenceChange Change)> Corrections => corrections.Reader;

    /// <summary>Users connected to this node.</summary>
    internal ICollection<UserId> Own => own.Keys;

    public async ValueTask<PresenceChange> SetAsync(UserId user, IReadOnlyList<SessionPresence> sessions, CancellationToken ct)
    {
        var said = sessions.Count == 0 ? [] : PresenceBytes.Write(sessions);
        // First here: should Redis be lost in this moment, the newest is what is written anew.
        if (said.Length == 0) own.TryRemove(user, out _);
        else own[user] = said;
        return await SetAsync(user, node, said, ct);
    }

    public async ValueTask<IReadOnlyDictionary<UserId, VisiblePresence>> FindAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        Dictionary<UserId, VisiblePresence> found = [];
        try
        {
            await foreach (var (user, sessions) in SessionsAsync(users, ct))
            {
                if (VisiblePresence.Of(sessions) is { IsOffline: false } presence) found[user] = presence;
            }
        }
        catch (UnavailableException)
        {
            // As far as this node can see.
            foreach (var user in users)
            {
                if (own.TryGetValue(user, out var said) && VisiblePresence.Of(PresenceBytes.Read(said)) is { IsOffline: false } presence) found[user] = presence;
            }
        }

        return found;
    }

    public async ValueTask<IReadOnlySet<UserId>> ConnectedAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        HashSet<UserId> connected = [];
        await foreach (var (user, sessions) in SessionsAsync(users, ct))
        {
            if (sessions.Count > 0) connected.Add(user);
        }

        return connected;
    }

    /// <summary>Says again what this node has said of a user.</summary>
    /// <param name="tell">Whether others may have been told that the user had gone.</param>
    internal async Task RepeatAsync(UserId user, bool tell, CancellationToken ct)
    {
        if (!own.TryGetValue(user, out var said)) return;
        var change = await SetAsync(user, node, said, ct);
        if (tell && !change.Before.Equals(change.After)) corrections.Writer.TryWrite((user, change));
    }

    /// <summary>Takes back what a node that is gone has said of a user.</summary>
    internal async Task TakeBackAsync(UserId user, NodeId gone, CancellationToken ct)
    {
        var change = await SetAsync(user, gone, [], ct);
        if (!change.Before.Equals(change.After)) corrections.Writer.TryWrite((user, change));
    }

    async Task<PresenceChange> SetAsync(UserId user, NodeId of, byte[] said, CancellationToken ct)
    {
        var before = (RedisValue[])await link.RunAsync(Set, [RedisKeys.Presence(user.Value)], [of.Value, said], ct);
        List<SessionPresence> was = [], others = [];
        for (var i = 0; i < before.Length; i += 2)
        {
            var sessions = PresenceBytes.Read((byte[])before[i + 1]);
            was.AddRange(sessions);
            if (before[i] != of.Value) others.AddRange(sessions);
        }

        return new PresenceChange(VisiblePresence.Of(was), VisiblePresence.Of([.. others, .. PresenceBytes.Read(said)]));
    }

    async IAsyncEnumerable<(UserId User, IReadOnlyList<SessionPresence> Sessions)> SessionsAsync(
        IReadOnlyCollection<UserId> users, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var some in users.Chunk(ScriptUsers))
        {
            var answer = (RedisResult[])await link.RunAsync(Find, [.. some.Select(u => (RedisKey)RedisKeys.Presence(u.Value))], [], ct);
            for (var i = 0; i < some.Length; i++)
                yield return (some[i], [.. ((RedisValue[])answer[i]).SelectMany(said => PresenceBytes.Read((byte[])said))]);
        }
    }
}

/// <summary>Sessions of one user on one node: for each its status and client (a byte each), and its activities with their length.</summary>
static class PresenceBytes
{
    public static byte[] Write(IReadOnlyList<SessionPresence> sessions)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        foreach (var session in sessions)
        {
            to.Write((byte)session.Status);
            to.Write((byte)session.Client);
            to.Write7BitEncodedInt(session.Activities.Length);
            to.Write(session.Activities);
        }

        return bytes.ToArray();
    }

    public static IReadOnlyList<SessionPresence> Read(byte[] bytes)
    {
        List<SessionPresence> sessions = [];
        using var from = new BinaryReader(new MemoryStream(bytes, writable: false));
        while (from.BaseStream.Position < bytes.Length)
        {
            var (status, client) = ((PresenceStatus)from.ReadByte(), (ClientKind)from.ReadByte());
            sessions.Add(SessionPresence.Of(status, client, from.ReadBytes(from.Read7BitEncodedInt())));
        }

        return sessions;
    }
}

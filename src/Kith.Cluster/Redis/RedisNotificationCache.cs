using System.Buffers.Binary;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Engine.Unread;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Unread mentions by user, shared by all processes. While a commit that changes them is under way they are neither taken from here nor kept, and a rebuild that a change
/// overtook loses its token. What could not be forgotten while Redis was away is remembered, read from the store, and forgotten when Redis is back.
/// </summary>
public sealed class RedisNotificationCache : INotificationCache, IDisposable
{
    const int KeyBytes = 16;

    /// <summary>Of one user: 64 KB. Who has more is read from the store.</summary>
    const int MaxKept = 4096;

    /// <summary>Users to be forgotten when Redis is back; with more, everything is.</summary>
    const int MaxMissed = 100_000;

    const int ScriptUsers = 500;
    const int KeepSeconds = 600;
    const int BuildSeconds = 60;

    /// <summary>A process that died in a commit holds a user's mentions for so long.</summary>
    const int HoldSeconds = 30;

    // 0: do not keep; 1, value: kept; 2: build it.
    static readonly RedisScript Get = new("""
        if redis.call('EXISTS', KEYS[1] .. ':hold') == 1 then return {0} end
        local kept = redis.call('HMGET', KEYS[1], 'g', 'v')
        local generation = redis.call('GET', KEYS[2]) or '0'
        if kept[1] == generation then return {1, kept[2]} end
        redis.call('SET', KEYS[1] .. ':build', ARGV[1], 'EX', ARGV[2])
        return {2, generation}
        """);

    static readonly RedisScript Keep = new("""
        if redis.call('GET', KEYS[1] .. ':build') ~= ARGV[1] or redis.call('EXISTS', KEYS[1] .. ':hold') == 1 then return 0 end
        redis.call('DEL', KEYS[1] .. ':build')
        redis.call('HSET', KEYS[1], 'g', ARGV[2], 'v', ARGV[3])
        redis.call('EXPIRE', KEYS[1], ARGV[4])
        return 1
        """);

    static readonly RedisScript Hold = new("""
        for _, user in ipairs(KEYS) do
          redis.call('DEL', user, user .. ':build')
          redis.call('INCR', user .. ':hold')
          redis.call('EXPIRE', user .. ':hold', ARGV[1])
        end
        return 0
        """);

    static readonly RedisScript Forget = new("""
        for _, user in ipairs(KEYS) do
          redis.call('DEL', user, user .. ':build')
          if ARGV[1] == '1' and (redis.call('EXISTS', user .. ':hold') == 0 or redis.call('DECR', user .. ':hold') < 1) then redis.call('DEL', user .. ':hold') end
        end
        return 0
        """);

    readonly RedisLink link;
    readonly IMentionStore mentions;
    readonly Lock gate = new();
    readonly Dictionary<UserId, long> missed = [];
    long misses;
    long missedAll;

    public RedisNotificationCache(RedisLink link, IMentionStore mentions)
    {
        (this.link, this.mentions) = (link, mentions);
        link.Returned += OnReturned;
    }

    public async ValueTask<IReadOnlyList<MessageKey>> GetAsync(UserId user, CancellationToken ct)
    {
        if (IsMissed(user)) return await mentions.UnreadDirectAsync(user, ct);
        var (key, token) = ((RedisKey)RedisKeys.Mentions(user.Value), Guid.NewGuid().ToString("N"));
        RedisResult[] answer;
        try
        {
            answer = (RedisResult[])await link.RunAsync(Get, [key, RedisKeys.MentionGeneration], [token, BuildSeconds], ct);
        }
        catch (UnavailableException)
        {
            return await mentions.UnreadDirectAsync(user, ct);
        }

        if ((int)answer[0] == 1) return Read((byte[])answer[1]);
        var found = await mentions.UnreadDirectAsync(user, ct);
        if ((int)answer[0] == 2 && found.Count <= MaxKept) await KeepAsync(key, token, (string)answer[1], found, ct);
        return found;
    }

    public ValueTask HoldAsync(IReadOnlyList<UserId> users, CancellationToken ct) => EachAsync(Hold, users, HoldSeconds, ct);

    public ValueTask ForgetAsync(IReadOnlyList<UserId> users, CancellationToken ct) => EachAsync(Forget, users, 0, ct);

    public ValueTask ReleaseAsync(IReadOnlyList<UserId> users, CancellationToken ct) => EachAsync(Forget, users, 1, ct);

    public async ValueTask ClearAsync(CancellationToken ct)
    {
        try
        {
            await link.RunAsync(db => db.StringIncrementAsync(RedisKeys.MentionGeneration), ct);
        }
        catch (UnavailableException)
        {
            lock (gate) missedAll = ++misses;
        }
    }

    public void Dispose() => link.Returned -= OnReturned;

    async ValueTask KeepAsync(RedisKey key, string token, string generation, IReadOnlyList<MessageKey> found, CancellationToken ct)
    {
        try
        {
            await link.RunAsync(Keep, [key], [token, generation, Write(found), KeepSeconds], ct);
        }
        catch (UnavailableException)
        {
            // It is read again.
        }
    }

    async ValueTask EachAsync(RedisScript script, IReadOnlyList<UserId> users, int argument, CancellationToken ct)
    {
        foreach (var some in users.Chunk(ScriptUsers))
        {
            try
            {
                await link.RunAsync(script, [.. some.Select(u => (RedisKey)RedisKeys.Mentions(u.Value))], [argument], ct);
            }
            catch (UnavailableException)
            {
                Miss(some);
            }
        }
    }

    void Miss(IReadOnlyList<UserId> users)
    {
        lock (gate)
        {
            misses++;
            foreach (var user in users)
                missed[user] = misses;
            if (missed.Count <= MaxMissed) return;
            missed.Clear();
            missedAll = misses;
        }
    }

    bool IsMissed(UserId user)
    {
        lock (gate) return missedAll > 0 || missed.ContainsKey(user);
    }

    void OnReturned(object? sender, EventArgs e) => _ = Task.Run(async () =>
    {
        long all;
        KeyValuePair<UserId, long>[] users;
        lock (gate) (all, users) = (missedAll, [.. missed]);
        try
        {
            if (all > 0) await link.RunAsync(db => db.StringIncrementAsync(RedisKeys.MentionGeneration), CancellationToken.None);
            foreach (var some in users.Chunk(ScriptUsers))
                await link.RunAsync(Forget, [.. some.Select(u => (RedisKey)RedisKeys.Mentions(u.Key.Value))], [0], CancellationToken.None);
        }
        catch (UnavailableException)
        {
            // Away again: all of them stay for the next time.
            return;
        }

        lock (gate)
        {
            foreach (var (user, miss) in users)
            {
                if (missed.GetValueOrDefault(user) == miss) missed.Remove(user);
            }

            if (missedAll == all) missedAll = 0;
        }
    });

    static byte[] Write(IReadOnlyList<MessageKey> keys)
    {
        var bytes = new byte[keys.Count * KeyBytes];
        for (var i = 0; i < keys.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * KeyBytes), keys[i].Channel.Value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((i * KeyBytes) + sizeof(long)), keys[i].Message.Value);
        }

        return bytes;
    }

    static MessageKey[] Read(byte[] bytes)
    {
        var keys = new MessageKey[bytes.Length / KeyBytes];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = new MessageKey(
                new ChannelId(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * KeyBytes))),
                new MessageId(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((i * KeyBytes) + sizeof(long)))));
        }

        return keys;
    }
}

using System.Collections.Concurrent;

namespace Kith.Engine.Delivery;

/// <summary>
/// Answers of the directory, kept for a moment, so that most events of a conversation need not ask. Whether one still held is known once its nodes have been written to
/// (<see cref="INodeInbox.SendAsync"/>); so an answer without any node is not kept. Who is hosted no longer gets copies for that moment.
/// </summary>
public sealed class RecentHosts(TimeProvider clock)
{
    /// <summary>Users of an audience whose answer is kept.</summary>
    const int MostUsers = 16;

    static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    /// <summary>All of them are dropped together, so none is older than the time between.</summary>
    volatile ConcurrentDictionary<string, HostingNodes> answers = new(StringComparer.Ordinal);
    long began = clock.GetTimestamp();

    internal bool TryGet(Audience audience, out HostingNodes hosts)
    {
        hosts = default;
        if (clock.GetElapsedTime(Volatile.Read(ref began)) > Life)
        {
            // In this order: who sees the new time sees none of the old answers.
            answers = new ConcurrentDictionary<string, HostingNodes>(StringComparer.Ordinal);
            Volatile.Write(ref began, clock.GetTimestamp());
            return false;
        }

        return KeyOf(audience) is { } key && answers.TryGetValue(key, out hosts);
    }

    internal void Add(Audience audience, HostingNodes hosts)
    {
        if (hosts.Nodes.Count > 0 && hosts.Version.Length > 0 && KeyOf(audience) is { } key) answers[key] = hosts;
    }

    static string? KeyOf(Audience audience) => audience switch
    {
        Audience.OfGuild guild => $"guild {guild.Guild}",
        Audience.OfChannel channel => $"guild {channel.Guild}",
        Audience.OfUsers { Users.Count: <= MostUsers } users => string.Join(' ', users.Users),
        _ => null,
    };
}

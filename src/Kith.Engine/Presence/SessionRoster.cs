using System.Collections.Concurrent;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Presence;

/// <summary>
/// This node's sessions by user: hosted ones (which events must reach, though their client may be away) and, of these, connected ones with what they say of themselves.
/// Safe for any thread, never blocks. Users whose sessions changed are handed out once however often they changed meanwhile. About 130 bytes a user.
/// </summary>
public sealed class SessionRoster(ISessionDirectory directory)
{
    readonly ConcurrentDictionary<UserId, Entry> entries = new();

    // Unbounded as a queue, bounded in fact: a user is in it once at most.
    readonly Channel<UserId> changed = Channel.CreateUnbounded<UserId>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Users with sessions here.</summary>
    public int Users => entries.Count;

    /// <summary>Users whose connected sessions have changed, or whose last hosted session has ended.</summary>
    public ChannelReader<UserId> Changed => changed.Reader;

    /// <summary>A session begins to live here.</summary>
    public void Host(UserId user) => With(user, (Directory: directory, User: user), static (entry, arg) =>
    {
        if (entry.Hosted++ == 0) arg.Directory.UserChanged(arg.User, hosted: true);
        return false;
    });

    /// <summary>A session has ended.</summary>
    public void Unhost(UserId user) => With(user, (Directory: directory, User: user), static (entry, arg) =>
    {
        if (--entry.Hosted > 0) return false;
        arg.Directory.UserChanged(arg.User, hosted: false);
        return true;
    });

    /// <summary>A session's client is there, or says something new of itself.</summary>
    /// <param name="session">Any number that this session alone uses on this node.</param>
    public void Connect(UserId user, long session, SessionPresence presence) => With(user, (session, presence), static (entry, arg) => entry.Put(arg.session, arg.presence));

    /// <summary>A session's client has gone, whether or not the session can be resumed.</summary>
    public void Disconnect(UserId user, long session) => With(user, session, static (entry, key) => entry.Take(key));

    /// <summary>The sessions as they are now; of a user out of <see cref="Changed"/>, changes from here on hand it out again.</summary>
    public UserRoster Read(UserId user)
    {
        var sessions = default(UserRoster);
        With(user, 0, (entry, _) =>
        {
            entry.Queued = false;
            sessions = new UserRoster(entry.Presences(), entry.Hosted > 0, entry.Appeared);
            entry.Appeared = false;
            return false;
        });
        return sessions;
    }

    /// <summary>Hands a user out once more: its change could not be told.</summary>
    public void Repeat(UserId user) => With(user, 0, static (_, _) => true);

    /// <summary>The connected sessions as they are now.</summary>
    public IReadOnlyList<SessionPresence> Peek(UserId user)
    {
        if (!entries.TryGetValue(user, out var entry)) return [];
        lock (entry) return entry.Presences();
    }

    void With<T>(UserId user, T arg, Func<Entry, T, bool> change)
    {
        while (true)
        {
            var entry = entries.GetOrAdd(user, static _ => new Entry());
            lock (entry)
            {
                if (entry.Dead) continue;
                if (change(entry, arg) && !entry.Queued)
                {
                    entry.Queued = true;
                    changed.Writer.TryWrite(user);
                }

                if (!entry.IsEmpty) return;
                entry.Dead = true;
                entries.TryRemove(KeyValuePair.Create(user, entry));
                return;
            }
        }
    }

    sealed class Entry
    {
        (long Key, SessionPresence Presence)[] connected = [];

        public int Hosted;
        public bool Queued;
        public bool Dead;

        /// <summary>Somebody was to be seen since it was last read.</summary>
        public bool Appeared;

        public bool IsEmpty => Hosted == 0 && !Queued && connected.Length == 0;

        public bool Put(long key, SessionPresence presence)
        {
            var at = Array.FindIndex(connected, c => c.Key == key);
            if (at < 0) connected = [.. connected, (key, presence)];
            else if (ReferenceEquals(connected[at].Presence, presence)) return false;
            else connected[at] = (key, presence);
            Appeared |= presence.Status > PresenceStatus.Invisible;
            return true;
        }

        public bool Take(long key)
        {
            var before = connected.Length;
            connected = [.. connected.Where(c => c.Key != key)];
            return connected.Length != before;
        }

        public IReadOnlyList<SessionPresence> Presences() => connected.Length == 0 ? [] : [.. connected.Select(c => c.Presence)];
    }
}

/// <summary>A user's sessions on one node.</summary>
/// <param name="AreHosted">Whether there is any, connected or waiting to be resumed.</param>
/// <param name="Appeared">Whether any that can be seen has connected or changed since the user was last read, though it may have gone again.</param>
public readonly record struct UserRoster(IReadOnlyList<SessionPresence> Connected, bool AreHosted, bool Appeared);

using System.Runtime.InteropServices;
using Kith.Domain;
using Kith.Gateway.Sessions;

namespace Kith.Gateway.Dispatch;

/// <summary>The sessions of one loop by user. Most users have one: the table holds the first, which knows the next. Belongs to the loop's thread.</summary>
sealed class UserSessions
{
    readonly Dictionary<UserId, Session> first = [];

    /// <summary>Sessions may end while this is walked.</summary>
    public Walk Of(UserId user) => new(first.GetValueOrDefault(user));

    public bool Any(UserId user) => first.ContainsKey(user);

    public void Add(Session session)
    {
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(first, session.User, out _);
        session.NextOfUser = head;
        head = session;
    }

    public void Remove(Session session)
    {
        if (!first.TryGetValue(session.User, out var at)) return;
        if (at == session)
        {
            if (session.NextOfUser is { } next) first[session.User] = next;
            else first.Remove(session.User);
            return;
        }

        while (at.NextOfUser is { } next && next != session)
            at = next;
        // The one that left keeps its own link, for whoever stands on it.
        at.NextOfUser = session.NextOfUser;
    }

    public struct Walk(Session? first)
    {
        Session? next = first;

        public Session Current { get; private set; } = null!;

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            if (next is null) return false;
            Current = next;
            next = next.NextOfUser;
            return true;
        }
    }
}

namespace Kith.Gateway.Sessions;

/// <summary>The sessions of one loop by their names, which contain the place. Belongs to the loop's thread.</summary>
sealed class SessionTable(int loop)
{
    readonly Stack<int> free = new();
    Session?[] sessions = new Session?[64];
    int used;

    public int Count => used - free.Count;

    public Session Add(Func<SessionId, Session> create)
    {
        if (!free.TryPop(out var slot))
        {
            if (used == SessionId.MaxSlots) throw new InvalidOperationException($"A loop has room for {SessionId.MaxSlots} sessions.");
            slot = used++;
            if (slot == sessions.Length) Array.Resize(ref sessions, slot * 2);
        }

        return sessions[slot] = create(SessionId.New(loop, slot));
    }

    /// <summary>Null for a session that has ended, or never was.</summary>
    public Session? Find(SessionId id) => id.Loop == loop && id.Slot < used && sessions[id.Slot] is { } session && session.Id == id ? session : null;

    public Session[] All() => [.. sessions.OfType<Session>()];

    public void Remove(Session session)
    {
        sessions[session.Id.Slot] = null;
        free.Push(session.Id.Slot);
    }
}

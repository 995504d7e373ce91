namespace Kith.Engine.Presence;

/// <summary>What one session says of itself. Instances without activities are shared, since nearly all sessions are alike.</summary>
public sealed class SessionPresence
{
    static readonly SessionPresence[] Plain =
        [.. from status in Enum.GetValues<PresenceStatus>() from client in Enum.GetValues<ClientKind>() select new SessionPresence(status, client, [])];

    SessionPresence(PresenceStatus status, ClientKind client, byte[] activities) => (Status, Client, Activities) = (status, client, activities);

    public PresenceStatus Status { get; }

    public ClientKind Client { get; }

    /// <summary>A JSON array of activities in UTF-8; empty where there are none.</summary>
    public byte[] Activities { get; }

    public static SessionPresence Of(PresenceStatus status, ClientKind client, byte[]? activities = null) => activities is { Length: > 2 }
        ? new SessionPresence(status, client, activities)
        : Plain[((int)status * Enum.GetValues<ClientKind>().Length) + (int)client];
}

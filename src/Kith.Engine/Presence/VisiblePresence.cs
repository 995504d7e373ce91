using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Presence;

/// <summary>How a user appears to others, over all of its sessions: immutable, compared by value.</summary>
public sealed class VisiblePresence : IEquatable<VisiblePresence>
{
    public static readonly VisiblePresence Offline = new(default, default, default, []);

    readonly PresenceStatus desktop;
    readonly PresenceStatus mobile;
    readonly PresenceStatus web;
    readonly byte[][] activities;

    VisiblePresence(PresenceStatus desktop, PresenceStatus mobile, PresenceStatus web, byte[][] activities) =>
        (this.desktop, this.mobile, this.web, this.activities) = (desktop, mobile, web, activities);

    public PresenceStatus Status => Most(desktop, Most(mobile, web));

    public bool IsOffline => Status == PresenceStatus.Offline;

    /// <summary>Of these sessions; those that are invisible count as absent.</summary>
    public static VisiblePresence Of(IReadOnlyList<SessionPresence> sessions)
    {
        Span<PresenceStatus> clients = stackalloc PresenceStatus[3];
        List<byte[]>? told = null;
        foreach (var session in sessions)
        {
            if (session.Status <= PresenceStatus.Invisible) continue;
            ref var client = ref clients[(int)session.Client];
            client = Most(client, session.Status);
            if (session.Activities.Length > 0 && told?.Exists(a => a.AsSpan().SequenceEqual(session.Activities)) != true)
                (told ??= []).Add(session.Activities);
        }

        var (web, desktop, mobile) = (clients[(int)ClientKind.Web], clients[(int)ClientKind.Desktop], clients[(int)ClientKind.Mobile]);
        return Most(web, Most(desktop, mobile)) == PresenceStatus.Offline ? Offline : new VisiblePresence(desktop, mobile, web, told?.ToArray() ?? []);
    }

    public PresenceUpdate ToWire(UserId user, GuildId? guild = null)
    {
        var clients = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("desktop", desktop);
        Add("mobile", mobile);
        Add("web", web);
        return new PresenceUpdate { User = new PartialUser(user), GuildId = guild, Status = Status.ToWire(), Activities = ReadActivities(), ClientStatus = clients };

        void Add(string client, PresenceStatus status)
        {
            if (status != PresenceStatus.Offline) clients[client] = status.ToWire();
        }
    }

    public bool Equals(VisiblePresence? other)
    {
        if (other is null || desktop != other.desktop || mobile != other.mobile || web != other.web || activities.Length != other.activities.Length) return false;
        for (var i = 0; i < activities.Length; i++)
        {
            if (!activities[i].AsSpan().SequenceEqual(other.activities[i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as VisiblePresence);

    public override int GetHashCode() => HashCode.Combine(desktop, mobile, web, activities.Length);

    JsonElement[] ReadActivities()
    {
        if (activities.Length == 0) return [];
        List<JsonElement> all = [];
        foreach (var json in activities)
        {
            using var document = JsonDocument.Parse(json);
            foreach (var activity in document.RootElement.EnumerateArray())
                all.Add(activity.Clone());
        }

        return [.. all];
    }

    static PresenceStatus Most(PresenceStatus one, PresenceStatus other) => one > other ? one : other;
}

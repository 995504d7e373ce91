using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>Tells both sides what has become of their relationship, each only its own side.</summary>
public sealed class RelationshipEvents(IEventLog log)
{
    public static Relationship ToWire(RelationshipRecord record, User other) => new()
    {
        Id = record.OtherId, Type = record.Type, User = other, Nickname = record.Nickname, Since = record.Since,
    };

    public async ValueTask TellAsync(RelationshipChange change, UserRecord me, UserRecord other, CancellationToken ct)
    {
        await TellOneAsync(me.Id, change.Before.Mine, change.After.Mine, other, ct);
        await TellOneAsync(other.Id, change.Before.Theirs, change.After.Theirs, me, ct);
        var (before, after) = (change.Before.Mine?.Type, change.After.Mine?.Type);
        var are = after == RelationshipType.Friend;
        // A block also ends what a DM lets one see of the other.
        if (are == (before == RelationshipType.Friend) && (after != RelationshipType.Blocked || after == before)) return;
        await log.PublishAsync(new Event
        {
            Name = "", Data = default, Audience = new Audience.OfUsers([me.Id, other.Id]), Effect = new SessionEffect.WatchChanged(me.Id, other.Id, are),
        }, ct);
    }

    async ValueTask TellOneAsync(UserId user, RelationshipRecord? before, RelationshipRecord? after, UserRecord other, CancellationToken ct)
    {
        if (before == after) return;
        var (name, data) = after switch
        {
            null => ("RELATIONSHIP_REMOVE", Wire.Utf8(new RelationshipRemove(other.Id, before!.Type))),
            _ when after.Type == before?.Type => ("RELATIONSHIP_UPDATE", Wire.Utf8(new RelationshipUpdate(other.Id, after.Type, after.Nickname))),
            _ => ("RELATIONSHIP_ADD", Wire.Utf8(ToWire(after, other.ToWire()))),
        };
        await log.PublishAsync(new Event { Name = name, Data = data, Audience = new Audience.OfUsers(user) }, ct);
    }
}

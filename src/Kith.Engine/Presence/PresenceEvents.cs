using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Presence;

/// <summary>Announces how users appear.</summary>
public sealed class PresenceEvents(PresenceWatchers watchers, IEventLog events)
{
    public async ValueTask TellAsync(UserId user, VisiblePresence presence, CancellationToken ct) => await events.PublishAsync(new Event
    {
        Name = "PRESENCE_UPDATE", Audience = await watchers.OfAsync(user, ct), Intents = Intents.GuildPresences, Data = Wire.Utf8(presence.ToWire(user)),
    }, ct);
}

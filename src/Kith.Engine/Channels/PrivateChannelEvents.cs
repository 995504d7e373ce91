using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>The dispatches that announce changes of DMs and groups.</summary>
static class PrivateChannelEvents
{
    public static Event Create(IReadOnlyList<UserId> to, Channel channel) => Of("CHANNEL_CREATE", channel.Id, to, channel);

    /// <summary>Without <c>recipients</c>, which have events of their own: a group of a thousand is renamed for 200 bytes a participant, not 300,000.</summary>
    public static Event Update(ChannelRecord group, MessageId? last) =>
        Of("CHANNEL_UPDATE", group.Id, group.Recipients, ChannelWire.OfPrivate(group, [], last) with { Recipients = null });

    public static Event Delete(UserId to, Channel channel) => Of("CHANNEL_DELETE", channel.Id, [to], channel);

    public static Event RecipientAdd(ChannelRecord group, User user, IReadOnlyList<UserId> to) => Of("CHANNEL_RECIPIENT_ADD", group.Id, to, new ChannelRecipient(group.Id, user));

    public static Event RecipientRemove(ChannelRecord group, User user, IReadOnlyList<UserId> to) => Of("CHANNEL_RECIPIENT_REMOVE", group.Id, to, new ChannelRecipient(group.Id, user));

    /// <summary>Two users see each other's presence from now on, as both have their DM open.</summary>
    public static Event Watch(ChannelRecord dm) => new()
    {
        Name = "", Data = default, Audience = new Audience.OfUsers(dm.Recipients, dm.OrderKey), Effect = new SessionEffect.WatchChanged(dm.Recipients[0], dm.Recipients[1], Watches: true),
    };

    static Event Of<T>(string name, ChannelId about, IReadOnlyList<UserId> to, T data) => new()
    {
        Name = name, Audience = new Audience.OfUsers(to, about.Value), Intents = Intents.DirectMessages, Data = Wire.Utf8(data),
    };

    sealed record ChannelRecipient(ChannelId ChannelId, User User);
}

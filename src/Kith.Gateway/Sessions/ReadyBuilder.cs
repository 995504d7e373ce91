using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Engine.Presence;
using Kith.Engine.Unread;
using Kith.Gateway.Protocol;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <param name="Tails">Newest message of each channel, as far as the counts in it go; null for bots, which have none.</param>
/// <param name="Presence">How the user wishes to appear, where the client does not say.</param>
sealed record ReadyState(OutboundEvent Ready, IReadOnlyDictionary<ChannelId, MessageId>? Tails, SessionPresence Presence);

/// <summary>Reads the state that READY tells: a number of queries that does not depend on how many guilds, channels or friends there are.</summary>
sealed class ReadyBuilder(IChannelStore channels, Users users, UnreadMarks unread, SessionRoster roster)
{
    public async Task<ReadyState> BuildAsync(Principal principal, Session session, IReadOnlyList<GuildId> guilds, Handshake handshake, CancellationToken ct)
    {
        var user = principal.User;
        var plain = new Ready
        {
            V = handshake.Version,
            User = user.ToSelfWire(),
            Guilds = [.. guilds.Select(id => new UnavailableGuild(id, Unavailable: true))],
            SessionId = session.Id.ToString(),
            ResumeGatewayUrl = handshake.Address,
            Shard = session.Shard == Shard.Whole ? null : [session.Shard.Id, session.Shard.Count],
            Application = new ReadyApplication(new AppId(user.Id.Value), Flags: 0),
        };
        if (user.Bot) return new ReadyState(Encode(plain), Tails: null, session.Presence);
        var state = await unread.ReadStateAsync(user.Id, ct);
        var privates = await channels.OfUserAsync(user.Id, ct);
        var people = await PeopleAsync(privates, ct);
        var ready = plain with
        {
            PrivateChannels = [.. privates.Select(c => ToWire(c, user.Id, people, state.Tails))],
            Users = [.. people.Values.Where(u => u.Id != user.Id)],
            ReadState = new ReadyReadState(state.Entries, Version: 0),
            Sessions = [.. roster.Peek(user.Id).Append(session.Presence).Select(ToWire)],
        };
        return new ReadyState(Encode(ready), state.Tails, session.Presence);
    }

    async Task<Dictionary<UserId, User>> PeopleAsync(IReadOnlyList<ChannelRecord> privates, CancellationToken ct)
    {
        var ids = privates.SelectMany(c => c.Recipients).Distinct().ToArray();
        return (await users.WireManyAsync(ids, ct)).ToDictionary(u => u.Id);
    }

    static Channel ToWire(ChannelRecord channel, UserId self, Dictionary<UserId, User> people, IReadOnlyDictionary<ChannelId, MessageId> tails) => ChannelWire.OfPrivate(
        channel, [.. channel.Recipients.Where(u => u != self).Select(u => people[u])], tails.TryGetValue(channel.Id, out var tail) ? tail : null);

    static ReadySession ToWire(SessionPresence session) => new(session.Status.ToWire(), new ReadyClient(session.Client.ToString().ToLowerInvariant()));

    static OutboundEvent Encode(Ready ready) => OutboundEvent.Create("READY", Wire.Utf8(ready));
}

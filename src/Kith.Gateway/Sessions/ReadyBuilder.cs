using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.People;
using Kith.Engine.Preferences;
using Kith.Engine.Presence;
using Kith.Engine.Unread;
using Kith.Gateway.Protocol;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <param name="Tails">Newest message of each channel, as far as the counts in it go; null for bots, which have none.</param>
/// <param name="Presence">How the user wishes to appear, where the client does not say.</param>
sealed record ReadyState(OutboundEvent Ready, IReadOnlyDictionary<ChannelId, MessageId>? Tails, SessionPresence Presence);

/// <summary>Reads the state that READY tells: a number of queries that does not depend on how many guilds, channels or friends there are.</summary>
sealed class ReadyBuilder(ReadyAccount accounts, PrivateChannels channels, UnreadMarks unread, SessionRoster roster)
{
    public async Task<ReadyState> BuildAsync(Principal principal, Session session, IReadOnlyList<GuildId> guilds, Handshake handshake, CancellationToken ct)
    {
        var user = principal.User;
        var ready = new Ready
        {
            V = handshake.Version,
            User = user.ToSelfWire(),
            Guilds = [.. guilds.Select(id => new UnavailableGuild(id, Unavailable: true))],
            SessionId = session.Id.ToString(),
            ResumeGatewayUrl = handshake.Address,
            Shard = session.Shard == Shard.Whole ? null : [session.Shard.Id, session.Shard.Count],
            // A bot's application has its id; people have none, and clients ask for the field all the same.
            Application = new ReadyApplication(new AppId(user.Id.Value), Flags: 0),
        };
        if (user.Bot) return new ReadyState(Encode(ready), Tails: null, session.Presence);
        // Counts first: READY and the guilds show the newest messages that these go through.
        var state = await unread.ReadStateAsync(user.Id, ct);
        ready = await accounts.FillAsync(ready, user.Id, ct);
        var privates = await channels.OfAsync(user.Id, ct);
        ready = ready with
        {
            PrivateChannels = [.. privates.Select(c => c with { LastMessageId = state.Tails.TryGetValue(c.Id, out var tail) ? tail : null })],
            Users = [.. ready.Relationships.Select(r => r.User).Concat(privates.SelectMany(c => c.Recipients ?? [])).DistinctBy(u => u.Id)],
            ReadState = new ReadyReadState(state.Entries, Version: 0),
            Sessions = [.. roster.Peek(user.Id).Append(session.Presence).Select(ToWire)],
        };
        return new ReadyState(Encode(ready), state.Tails, accounts.PresenceOf(ready.UserSettings!, session.Client));
    }

    static ReadySession ToWire(SessionPresence session) => new(session.Status.ToWire(), new ReadyClient(session.Client.ToString().ToLowerInvariant()));

    static OutboundEvent Encode(Ready ready) => OutboundEvent.Create("READY", Wire.Utf8(ready));
}

/// <summary>READY's part of relationships, settings and notes.</summary>
sealed class ReadyAccount(Relationships relationships, IPresenceDirectory presences, Settings settings, NotificationSettings notifications, Notes notes, TimeProvider clock)
{
    public async Task<Ready> FillAsync(Ready ready, UserId user, CancellationToken ct)
    {
        var related = await relationships.OfAsync(user, ct);
        var friends = related.Where(r => r.Type == RelationshipType.Friend).Select(r => r.Id).ToArray();
        return ready with
        {
            Relationships = related,
            Presences = [.. (await presences.FindAsync(friends, ct)).Select(p => p.Value.ToWire(p.Key))],
            UserSettings = await settings.OfAsync(user, ct),
            UserGuildSettings = new ReadyGuildSettings(await notifications.OfAsync(user, ct)),
            Notes = await notes.OfAsync(user, ct),
        };
    }

    /// <summary>As the user's settings say: the status, and the custom one as an activity.</summary>
    public SessionPresence PresenceOf(UserSettings settings, ClientKind client)
    {
        if (!PresenceNames.TryParse(settings.Status, out var status)) status = PresenceStatus.Online;
        if (settings.CustomStatus is not { } custom || (custom.Text ?? custom.EmojiName) is null || custom.ExpiresAt < clock.GetUtcNow()) return SessionPresence.Of(status, client);
        var activity = new Activity
        {
            Name = "Custom Status", Type = 4, State = custom.Text, Emoji = custom.EmojiName is { } emoji ? new ActivityEmoji { Name = emoji, Id = custom.EmojiId } : null,
        };
        return SessionPresence.Of(status, client, Wire.Utf8<Activity[]>([activity]));
    }
}

using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Delivery;

/// <summary>
/// Something that happened and that gateway sessions are told of, published after its commit. Immutable; its JSON is made once, for the event log, for
/// every session and, where it can, for the HTTP reply.
/// </summary>
public sealed class Event
{
    /// <summary>The dispatch's name, such as MESSAGE_CREATE.</summary>
    public required string Name { get; init; }

    public required Audience Audience { get; init; }

    /// <summary>The dispatch's <c>d</c>: one JSON value in UTF-8. Empty: nothing to send, only <see cref="Effect"/> to apply.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What a bot must have asked for, one bit of these is enough; None reaches everyone.</summary>
    public Intents Intents { get; init; }

    /// <summary>For MESSAGE_CREATE and MESSAGE_UPDATE: what receipts (of the former) and redaction need to know of the message.</summary>
    public MessageStamp? Message { get; init; }

    /// <summary>The same without content, embeds, attachments and components, for bots without the intent MESSAGE_CONTENT; null where there is nothing to hide. Made once, when first asked for.</summary>
    public ReadOnlyMemory<byte>? Redacted => Message is { IsPrivate: false } ? redacted ??= MessageRedaction.Redact(Data) : null;

    byte[]? redacted;

    /// <summary>What changes in the sessions themselves, before the event is sent.</summary>
    public SessionEffect? Effect { get; init; }

    /// <summary>Trace context (W3C traceparent) of the request that caused it; null where nobody traces it. By default of the step under way.</summary>
    public string? Trace { get; init; } = Tracing.Current;

    /// <summary>Where the log has it, for who must tell a repeat from news: a log that is read again after a crash gives what was not yet noted as done. Null in a single process, whose log does not repeat.</summary>
    public LogPosition? Position { get; init; }

    /// <summary>The same of a message that was committed after another one.</summary>
    public Event After(MessageId previous) => Copy(Message! with { Previous = previous }, Trace);

    /// <summary>The same in another step of its trace.</summary>
    public Event In(string? trace) => trace == Trace ? this : Copy(Message, trace);

    /// <summary>
    /// Events of one key keep their order in the log: the guild that this one is about, with all its channels, since what one may see of a channel is told by events
    /// of the guild; else a private channel; else the user.
    /// </summary>
    public long Key => Audience switch
    {
        Audience.OfGuild guild => guild.Guild.Value,
        Audience.OfChannel channel => channel.Guild.Value,
        Audience.OfUsers { About: { } about } => about,
        Audience.OfUsers users => users.Users.Count > 0 ? users.Users[0].Value : 0,
        Audience.OfWatchers watchers => watchers.User.Value,
        _ => throw new InvalidOperationException($"{Audience} has no key."),
    };

    Event Copy(MessageStamp? message, string? trace) => new()
    {
        Name = Name, Audience = Audience, Data = Data, Intents = Intents, Message = message, Effect = Effect, Trace = trace, Position = Position,
    };
}

/// <summary>Grows within its partition. Repeats of one event have one position.</summary>
public readonly record struct LogPosition(int Partition, long Offset);

/// <param name="Mentioned">Users mentioned by id, who see the content whatever their intents.</param>
/// <param name="Previous">Of MESSAGE_CREATE where several processes write: the message that was committed before it in its channel, by which who takes events off the log notices one that
/// is still to come; zero where it is the first.</param>
public sealed record MessageStamp(ChannelId Channel, MessageId Id, UserId Author, bool IsPrivate, IReadOnlyList<UserId> Mentioned, MessageId? Previous = null);

/// <summary>Whom an event reaches. Evaluated by the gateway node, against the newest state that it knows.</summary>
public abstract record Audience
{
    /// <summary>Members of a guild who have <paramref name="Needed"/> in it (None: all).</summary>
    public sealed record OfGuild(GuildId Guild, Permissions Needed = Permissions.None) : Audience;

    /// <summary>Members who see a guild's channel and have <paramref name="Needed"/> in it.</summary>
    /// <param name="Gone">The channel as it last was, where the event announces that it is deleted: then this decides.</param>
    public sealed record OfChannel(GuildId Guild, ChannelId Channel, Permissions Needed = Permissions.ViewChannel, Guilds.ChannelRecord? Gone = null) : Audience;

    /// <summary>These users: participants of a DM or group, or one user's own sessions.</summary>
    /// <param name="About">The guild or private channel that it is about, see <see cref="Event.Key"/>; null where it is about the user.</param>
    public sealed record OfUsers(IReadOnlyList<UserId> Users, long? About = null) : Audience
    {
        public OfUsers(UserId user, long? about = null) : this([user], about) { }
    }

    /// <summary>
    /// Who watches a user's presence. In guilds of more than a thousand members only who asked for this user, and bots: the node knows them, and there is no work per
    /// member of a large guild.
    /// </summary>
    /// <param name="Users">Friends, DM partners and the user itself.</param>
    /// <param name="Guilds">The user's.</param>
    public sealed record OfWatchers(UserId User, IReadOnlyList<UserId> Users, IReadOnlyList<GuildId> Guilds) : Audience;
}

/// <summary>A change of what a gateway node holds of its sessions, carried by the event that announces it.</summary>
public abstract record SessionEffect
{
    /// <summary>The user's sessions gain the guild and get GUILD_CREATE.</summary>
    public sealed record Joined(GuildId Guild, UserId User) : SessionEffect;

    /// <summary>The user's sessions lose the guild and get GUILD_DELETE.</summary>
    public sealed record Left(GuildId Guild, UserId User) : SessionEffect;

    /// <summary>Roles or timeout of a member changed: what the user's sessions see may have changed.</summary>
    public sealed record MemberChanged(GuildId Guild, UserId User) : SessionEffect;

    /// <summary>Roles, channels, overwrites or owner changed: what any member sees may have changed. Gained and lost channels are announced per group of
    /// equal roles, save those that are new in the guild or gone from it, which have their own CHANNEL_CREATE and CHANNEL_DELETE. Comes before the events of the change.</summary>
    public sealed record GuildChanged(GuildId Guild, long Version) : SessionEffect;

    /// <summary>The guild is gone: every member's sessions lose it and get GUILD_DELETE.</summary>
    public sealed record GuildDeleted(GuildId Guild) : SessionEffect;

    /// <summary>Tokens were revoked: sessions of this login (null: of all but <paramref name="Keep"/>) are closed with 4004.</summary>
    public sealed record Revoked(UserId User, AuthSessionId? Session, AuthSessionId? Keep) : SessionEffect;

    /// <summary>Two users began or ceased to watch each other's presence (friendship, DM).</summary>
    public sealed record WatchChanged(UserId User, UserId Other, bool Watches) : SessionEffect;
}

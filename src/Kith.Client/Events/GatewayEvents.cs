using System.Text.Json;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Gives dispatches their types: one table, by name.</summary>
public static class GatewayEvents
{
    /// <summary>As the wire's, but forgiving: a server may send more than this library knows, and deeper.</summary>
    internal static readonly JsonSerializerOptions Options = new(Wire.Options) { MaxDepth = 128, AllowDuplicateProperties = true };

    static readonly Dictionary<string, Func<JsonElement, GatewayEvent>> Readers = new(StringComparer.Ordinal)
    {
        ["READY"] = static d => new SessionStarted(Read<Ready>(d)),
        ["RESUMED"] = static _ => new SessionResumed(),
        ["MESSAGE_CREATE"] = static d => new MessageCreated(Read<Message>(d)),
        ["MESSAGE_UPDATE"] = static d => new MessageUpdated(Read<Message>(d)),
        ["MESSAGE_DELETE"] = static d => new MessageDeleted(Read<MessageDelete>(d)),
        ["MESSAGE_DELETE_BULK"] = static d => new MessagesDeleted(Read<MessageDeleteBulk>(d)),
        ["MESSAGE_ACK"] = static d => new MessageAcked(Read<MessageAck>(d)),
        ["CHANNEL_UNREAD_UPDATE"] = Read<UnreadRecounted>,
        ["CHANNEL_RECEIPT_UPDATE"] = static d => new ReceiptChanged(Read<ChannelReceipt>(d)),
        ["MESSAGE_REACTION_ADD"] = Read<ReactionAdded>,
        ["MESSAGE_REACTION_REMOVE"] = Read<ReactionRemoved>,
        ["TYPING_START"] = static d => new Typing(Read<TypingStart>(d)),
        ["PRESENCE_UPDATE"] = static d => new PresenceChanged(Read<PresenceUpdate>(d)),
        ["CHANNEL_CREATE"] = static d => new ChannelCreated(Read<Channel>(d)),
        ["CHANNEL_UPDATE"] = static d => new ChannelUpdated(Read<Channel>(d)),
        ["CHANNEL_DELETE"] = static d => new ChannelDeleted(Read<Channel>(d)),
        ["GUILD_CREATE"] = static d => new GuildCreated(Read<Guild>(d)),
        ["GUILD_UPDATE"] = static d => new GuildUpdated(Read<Guild>(d)),
        ["GUILD_DELETE"] = static d => new GuildDeleted(Read<UnavailableGuild>(d)),
        ["GUILD_MEMBER_ADD"] = static d => new MemberAdded(Read<Member>(d)),
        ["GUILD_MEMBER_UPDATE"] = static d => new MemberUpdated(Read<Member>(d)),
        ["GUILD_MEMBER_REMOVE"] = Read<MemberRemoved>,
        ["GUILD_MEMBERS_CHUNK"] = static d => new MembersChunk(Read<GuildMembersChunk>(d)),
        ["GUILD_ROLE_CREATE"] = Read<RoleCreated>,
        ["GUILD_ROLE_UPDATE"] = Read<RoleUpdated>,
        ["GUILD_ROLE_DELETE"] = Read<RoleDeleted>,
        ["CHANNEL_PINS_UPDATE"] = Read<PinsChanged>,
        ["CHANNEL_RECIPIENT_ADD"] = Read<RecipientAdded>,
        ["CHANNEL_RECIPIENT_REMOVE"] = Read<RecipientRemoved>,
    };

    /// <summary>The typed event; <see cref="OtherEvent"/> for a name that the table lacks.</summary>
    /// <exception cref="JsonException">The content lacks what an event of that name must have.</exception>
    public static GatewayEvent Read(string name, long sequence, JsonElement data)
    {
        var e = Readers.TryGetValue(name, out var read) ? read(data) : new OtherEvent();
        return e with { Name = name, Sequence = sequence, Data = data };
    }

    static T Read<T>(JsonElement data) => data.Deserialize<T>(Options)!;
}

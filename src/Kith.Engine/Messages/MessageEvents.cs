using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>The events of messages.</summary>
static class MessageEvents
{
    /// <summary>In a guild the event names it, and shows the author's membership.</summary>
    public static Message ForGuild(ChannelAccess access, Message message) => access.Guild is null ? message : message with
    {
        GuildId = access.Guild.Id,
        Member = access.Member?.UserId == message.Author.Id ? access.Member.ToWire(user: null) : null,
    };

    public static Event Created(ChannelAccess access, MessageRecord record, Message wire) => Make("MESSAGE_CREATE", access, record, wire);

    public static Event Updated(ChannelAccess access, MessageRecord record, Message wire) => Make("MESSAGE_UPDATE", access, record, wire);

    /// <param name="tail">The channel's newest message after the deletion.</param>
    public static Event Deleted(ChannelAccess access, MessageRecord record, MessageId? tail) => new()
    {
        Name = "MESSAGE_DELETE", Audience = AudienceOf(access), Intents = IntentsOf(access), Data = Wire.Utf8(ToDelete(access, record) with { LastMessageId = tail }),
    };

    public static Event DeletedMany(ChannelAccess access, IReadOnlyList<MessageRecord> records, MessageId? tail) => new()
    {
        Name = "MESSAGE_DELETE_BULK", Audience = AudienceOf(access), Intents = IntentsOf(access),
        Data = Wire.Utf8(new MessageDeleteBulk
        {
            Ids = [.. records.Select(r => r.Id)], ChannelId = access.Id, GuildId = access.Channel.GuildId,
            Messages = [.. records.Select(r => ToDelete(access, r))], LastMessageId = tail,
        }),
    };

    public static Audience AudienceOf(ChannelAccess access) => access.Guild is { } guild
        ? new Audience.OfChannel(guild.Id, access.Id)
        : new Audience.OfUsers(access.Channel.Recipients, access.Channel.OrderKey);

    static Intents IntentsOf(ChannelAccess access) => access.Guild is null ? Intents.DirectMessages : Intents.GuildMessages;

    static Event Make(string name, ChannelAccess access, MessageRecord record, Message wire) => new()
    {
        Name = name, Audience = AudienceOf(access), Intents = IntentsOf(access), Data = Wire.Utf8(wire),
        Message = new MessageStamp(access.Id, record.Id, record.AuthorId, access.Channel.IsPrivate, record.Mentions.Users),
    };

    static MessageDelete ToDelete(ChannelAccess access, MessageRecord record) => new()
    {
        Id = record.Id, ChannelId = access.Id, GuildId = access.Channel.GuildId, AuthorId = record.AuthorId,
        Mentions = record.Mentions.Users, MentionRoles = record.Mentions.Roles, MentionEveryone = record.Mentions.Everyone,
    };
}

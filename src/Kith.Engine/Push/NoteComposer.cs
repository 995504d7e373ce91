using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Engine.Preferences;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>What a device is told, made when it is sent: with the newest badge, and not at all of what was deleted, read, or may not be seen any more.</summary>
public sealed class NoteComposer(IMessageStore messages, ChannelDirectory channels, Users users, Settings settings, UnreadMarks marks, InstanceKey key)
{
    /// <summary>Six bits each.</summary>
    const int TopicLength = 24;

    /// <summary>Null where there is nothing to be shown any more.</summary>
    /// <param name="timeToLive">Of a message; what clears a notification is kept as long.</param>
    public async ValueTask<PushNote?> OfAsync(PushDelivery delivery, TimeSpan timeToLive, CancellationToken ct)
    {
        var (user, (channel, message)) = (delivery.Device.UserId, delivery.Message);
        var state = await marks.ReadStateAsync(user, ct);
        var badge = state.Entries.Sum(e => e.MentionCount);
        if (delivery.Withdrawn) return Note(new PushPayload { Type = PushPayload.Read, ChannelId = channel, MessageId = message, Tag = $"{channel}", Badge = badge });

        // A channel without an entry has nothing unread, or is none of the user's any more.
        if (state.Entries.FirstOrDefault(e => e.Id == channel) is not { } mark || mark.LastMessageId >= message) return null;
        if (await messages.FindAsync(channel, message, ct) is not { } record) return null;
        var (where, guild) = await channels.FindAsync(channel, ct);
        if (where is null) return null;
        var author = await users.WireAsync(record.AuthorId, ct);
        var name = Short(author.GlobalName ?? author.Username);
        return Note(new PushPayload
        {
            Type = PushPayload.Message, ChannelId = channel, GuildId = guild?.Id, MessageId = message, Tag = $"{channel}", Badge = badge,
            Author = new PushAuthor(author.Id, name, author.Avatar), Title = Title(name, where, guild),
            Body = (await settings.OfAsync(user, ct)).PushPreview ? await PreviewText.OfAsync(record, guild, users, ct) : null,
        });

        PushNote Note(PushPayload payload) => new() { Payload = payload, TimeToLive = timeToLive, Urgent = delivery.Urgent, Topic = TopicOf(user, channel) };
    }

    /// <summary>What <c>kith push test</c> sends.</summary>
    public async ValueTask<PushNote> TestAsync(UserId user, string title, string body, CancellationToken ct) => new()
    {
        Payload = new PushPayload
        {
            Type = PushPayload.Test, Title = title, Body = body, Tag = PushPayload.Test, Badge = (await marks.ReadStateAsync(user, ct)).Entries.Sum(e => e.MentionCount),
        },
        TimeToLive = TimeSpan.FromMinutes(5), Urgent = true, Topic = TopicOf(user, default),
    };

    static string Title(string author, ChannelRecord channel, GuildSnapshot? guild) => guild is not null ? $"{author} (#{Short(channel.Name)}, {Short(guild.Guild.Name)})"
        : channel.Type == ChannelType.GroupDm && channel.Name is { Length: > 0 } group ? $"{author} ({Short(group)})" : author;

    static string Short(string? name) => name is null ? "" : PreviewText.Shorten(name, 64);

    string TopicOf(UserId user, ChannelId channel) => key.Sign("push topic", $"{user} {channel}")[..TopicLength];
}

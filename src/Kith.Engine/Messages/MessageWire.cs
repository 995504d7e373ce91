using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Turns stored messages into what is sent: with authors, mentions, reactions, addresses of files and the message replied to. Three queries at most for a page, whatever its length.</summary>
public sealed class MessageWire(Users users, IMessageStore messages, IReactionStore reactions, MediaLinks links)
{
    /// <param name="page">Messages of one channel.</param>
    public async ValueTask<IReadOnlyList<Message>> ManyAsync(IReadOnlyList<MessageRecord> page, UserId me, CancellationToken ct)
    {
        if (page.Count == 0) return [];
        var replied = await RepliedAsync(page, ct);
        var people = await PeopleAsync([.. page, .. replied.Values], ct);
        var counts = (await reactions.CountsAsync([.. page.Select(m => m.Id)], me, ct)).ToLookup(r => r.MessageId);
        return [.. page.Select(m => One(m, people, counts[m.Id], replied))];
    }

    public async ValueTask<Message> OneAsync(MessageRecord message, UserId me, CancellationToken ct) => (await ManyAsync([message], me, ct))[0];

    /// <summary>A message just made: no reactions, and whoever is needed at hand.</summary>
    public async ValueTask<Message> NewAsync(MessageRecord message, MessageRecord? replied, CancellationToken ct)
    {
        var people = await PeopleAsync(replied is null ? [message] : [message, replied], ct);
        var referenced = new Dictionary<MessageId, MessageRecord>();
        if (replied is not null) referenced[replied.Id] = replied;
        return One(message, people, [], referenced);
    }

    async ValueTask<Dictionary<MessageId, MessageRecord>> RepliedAsync(IReadOnlyList<MessageRecord> page, CancellationToken ct)
    {
        var ids = page.Where(m => m.Type == MessageType.Reply && m.Parts.Reference?.MessageId is not null).Select(m => m.Parts.Reference!.MessageId!.Value).Distinct().ToArray();
        return ids.Length == 0 ? [] : (await messages.FindManyAsync(page[0].ChannelId, ids, ct)).ToDictionary(m => m.Id);
    }

    async ValueTask<Dictionary<UserId, User>> PeopleAsync(IReadOnlyList<MessageRecord> page, CancellationToken ct)
    {
        var ids = page.SelectMany(m => Shown(m).Users.Append(m.AuthorId)).Distinct().ToArray();
        return (await users.WireManyAsync(ids, ct)).ToDictionary(u => u.Id);
    }

    static MentionSet Shown(MessageRecord message) => message.Parts.EditedMentions ?? message.Mentions;

    Message One(MessageRecord m, Dictionary<UserId, User> people, IEnumerable<ReactionCount> counts, Dictionary<MessageId, MessageRecord> replied)
    {
        var counted = counts.Select(ToWire).ToArray();
        Attachment[] files = m.Parts.Attachments.Count == 0 ? [] : [.. m.Parts.Attachments.Select(a => links.Sign(m.ChannelId, a))];
        var wire = new Message
        {
            Id = m.Id, ChannelId = m.ChannelId, Type = m.Type, Content = m.Content, Author = people[m.AuthorId], Timestamp = m.Timestamp,
            EditedTimestamp = m.EditedTimestamp, Tts = m.Parts.Tts, Pinned = m.Pinned, MentionEveryone = Shown(m).Everyone,
            Mentions = [.. Shown(m).Users.Select(u => people[u])], MentionRoles = Shown(m).Roles, Attachments = files, Embeds = MediaLinks.Resolve(m.Parts.Embeds, files),
            Components = m.Parts.Components, StickerItems = m.Parts.Stickers.Count == 0 ? null : m.Parts.Stickers, Flags = m.Flags, MessageReference = m.Parts.Reference, Reactions = counted.Length == 0 ? null : counted,
        };
        if (m.Type != MessageType.Reply || m.Parts.Reference?.MessageId is not { } id) return wire;
        // One level deep, as Discord: the message replied to does not show what it replied to itself.
        return wire with { ReferencedMessage = replied.TryGetValue(id, out var first) ? One(first with { Type = MessageType.Default }, people, [], []) with { Type = first.Type } : null };
    }

    static Reaction ToWire(ReactionCount count) =>
        new() { Emoji = EmojiKey.ToWire(count.Emoji), Count = count.Count, Me = count.Me, CountDetails = new ReactionCountDetails(count.Count, 0) };
}

/// <summary>Emojis as reactions name them: a Unicode emoji itself, or <c>name:id</c>.</summary>
public static class EmojiKey
{
    /// <summary>UTF-16 units; the longest joined sequences have about 30.</summary>
    const int MaxLength = 64;

    public static bool TryParse(string text, out string key)
    {
        key = text;
        if (text.Length is 0 or > MaxLength || text.Any(char.IsControl) || text.Any(char.IsWhiteSpace)) return false;
        var colon = text.LastIndexOf(':');
        if (colon >= 0) return colon > 0 && Snowflake.TryParse(text.AsSpan(colon + 1), out _);
        // Letters and digits are no emoji, but the digits of keycaps, which carry a combining mark.
        return text.Any(c => c > 0x7F);
    }

    public static Emoji ToWire(string key)
    {
        var colon = key.LastIndexOf(':');
        return colon > 0 && Snowflake.TryParse(key.AsSpan(colon + 1), out var id) ? new Emoji { Id = new EmojiId(id), Name = key[..colon] } : new Emoji { Name = key };
    }
}

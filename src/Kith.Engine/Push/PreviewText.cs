using System.Globalization;
using System.Text.RegularExpressions;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;

namespace Kith.Engine.Push;

/// <summary>The beginning of a message as plain text: mentions by name, spoilers covered, no markup of emojis.</summary>
public static partial class PreviewText
{
    /// <summary>UTF-16 units: four lines on a phone.</summary>
    public const int MaxLength = 240;

    public static async ValueTask<string> OfAsync(MessageRecord message, GuildSnapshot? guild, Users users, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(message.Content)) return message.Parts.Attachments is [var file, ..] ? $"📎 {Shorten(file.Filename)}" : message.Parts.Embeds is [{ Title: { } title }, ..] ? Shorten(title) : "";
        // Longer than what is shown, since markup takes room; short enough that its cost has a bound.
        var text = Spoiler.Replace(Cut(message.Content, 8 * MaxLength), m => new string('▮', Math.Min(8, m.Groups[1].Length)));
        var people = await users.FindManyAsync([.. Tag.Matches(text).Where(m => m.Groups["kind"].Value is "@" or "@!").Select(IdOf).OfType<long>().Select(id => new UserId(id)).Distinct()], ct);
        return Shorten(Tag.Replace(text, m => Name(m, guild, people)));
    }

    /// <summary>Never through the middle of a character.</summary>
    public static string Shorten(string text, int length = MaxLength)
    {
        var line = Space.Replace(text, " ").Trim();
        return line.Length <= length ? line : Cut(line, length - 1) + "…";
    }

    static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = 0;
        for (var next = 0; next <= length; next += StringInfo.GetNextTextElementLength(text, next))
            end = next;
        // One "character" may be as long as its writer likes.
        return text[..(end > 0 ? end : char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    static string Name(Match tag, GuildSnapshot? guild, IReadOnlyDictionary<UserId, UserRecord> people)
    {
        if (tag.Groups["emoji"].Success) return $":{tag.Groups["emoji"].Value}:";
        if (IdOf(tag) is not { } id) return tag.Value;
        return tag.Groups["kind"].Value switch
        {
            "#" => guild?.Channels.TryGetValue(new ChannelId(id), out var channel) == true ? $"#{channel.Name}" : "#…",
            "@&" => guild?.Roles.TryGetValue(new RoleId(id), out var role) == true ? $"@{role.Name}" : "@…",
            _ => people.TryGetValue(new UserId(id), out var user) ? $"@{user.GlobalName ?? user.Username}" : "@…",
        };
    }

    static long? IdOf(Match tag) => Snowflake.TryParse(tag.Groups["id"].Value, out var id) ? id : null;

    [GeneratedRegex(@"<(?:(?<kind>@!|@&|@|#)(?<id>\d{1,20})|a?:(?<emoji>\w{1,32}):\d{1,20})>", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"\|\|(.+?)\|\|", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Spoiler { get; }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Space { get; }
}

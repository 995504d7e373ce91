namespace Kith.Domain;

/// <summary>What a text mentions by its markup, before any permission is asked.</summary>
public sealed record ParsedMentions(IReadOnlyList<UserId> Users, IReadOnlyList<RoleId> Roles, bool Everyone, bool Here)
{
    public static readonly ParsedMentions None = new([], [], false, false);
}

/// <summary>Finds <c>&lt;@id&gt;</c>, <c>&lt;@!id&gt;</c>, <c>&lt;@&amp;id&gt;</c>, <c>@everyone</c> and <c>@here</c>. Code spans and blocks mention nobody.</summary>
public static class MentionParser
{
    /// <summary>Each id once, in order of appearance. One pass over the text; allocates only when it finds something.</summary>
    public static ParsedMentions Parse(string text)
    {
        if (!text.Contains('@')) return ParsedMentions.None;
        List<UserId> users = [];
        List<RoleId> roles = [];
        bool everyone = false, here = false;
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (rest[0] == '`')
            {
                i += SkipCode(rest) - 1;
            }
            else if (rest[0] == '<' && TryReadTag(rest, out var isRole, out var id, out var length))
            {
                if (isRole) AddOnce(roles, new RoleId(id));
                else AddOnce(users, new UserId(id));
                i += length - 1;
            }
            else if (rest.StartsWith("@everyone"))
            {
                everyone = true;
            }
            else if (rest.StartsWith("@here"))
            {
                here = true;
            }
        }

        return new ParsedMentions(users, roles, everyone, here);
    }

    static void AddOnce<T>(List<T> list, T item)
    {
        if (!list.Contains(item)) list.Add(item);
    }

    /// <summary>Length of the code span or block at the start, or of its opening backticks where nothing closes it.</summary>
    static int SkipCode(ReadOnlySpan<char> text)
    {
        var ticks = text.IndexOfAnyExcept('`');
        if (ticks < 0) return text.Length;
        var fence = text[..ticks];
        var close = text[ticks..].IndexOf(fence);
        return close < 0 ? ticks : ticks + close + ticks;
    }

    static bool TryReadTag(ReadOnlySpan<char> text, out bool isRole, out long id, out int length)
    {
        (isRole, id, length) = (false, 0, 0);
        if (text.Length < 4 || text[1] != '@') return false;
        isRole = text[2] == '&';
        var start = isRole || text[2] == '!' ? 3 : 2;
        var end = text.IndexOf('>');
        if (end < 0 || !Snowflake.TryParse(text[start..end], out id)) return false;
        length = end + 1;
        return true;
    }
}

using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>How a message concerns someone. Several may hold at once.</summary>
[Flags]
public enum Concern
{
    None = 0,
    Direct = 1,
    Everyone = 2,
    Role = 4,
}

/// <summary>Who wants to be told of what. Pure.</summary>
public static class NotificationRules
{
    public const int AllMessages = 0, OnlyMentions = 1;

    const int AsAbove = 3;

    static readonly UserGuildSettings Nothing = new();

    /// <summary>How a message concerns a user with these roles.</summary>
    public static Concern ConcernOf(MentionSet mentions, UserId user, IReadOnlyList<RoleId> roles)
    {
        var concern = Concern.None;
        if (mentions.Users.Contains(user)) concern |= Concern.Direct;
        if (mentions.Everyone) concern |= Concern.Everyone;
        if (mentions.Roles.Count > 0 && mentions.Roles.Any(roles.Contains)) concern |= Concern.Role;
        return concern;
    }

    /// <summary>What the user has set for the guild, the category and the channel, each in place of what is above it.</summary>
    /// <param name="fallback">The level of a guild whose members have not chosen; DMs and groups: all.</param>
    public static bool Wants(UserGuildSettings? settings, ChannelRecord channel, int fallback, Concern concern, DateTimeOffset now)
    {
        settings ??= Nothing;
        var own = Override(settings, channel.Id);
        var category = channel.ParentId is { } parent ? Override(settings, parent) : null;
        if (IsMuted(settings.Muted, settings.MuteConfig, now) || IsMuted(own, now) || IsMuted(category, now)) return false;
        var level = Level(own?.MessageNotifications, category?.MessageNotifications, settings.MessageNotifications, fallback);
        return level == AllMessages || (level == OnlyMentions && Mentions(settings, concern));
    }

    /// <summary>Whether it counts as a mention for someone with these settings.</summary>
    public static bool Mentions(UserGuildSettings? settings, Concern concern) =>
        concern.HasFlag(Concern.Direct)
        || (concern.HasFlag(Concern.Everyone) && settings?.SuppressEveryone != true)
        || (concern.HasFlag(Concern.Role) && settings?.SuppressRoles != true);

    /// <summary>Whether the user wants to be left alone now, whoever writes.</summary>
    public static bool IsQuiet(UserSettings? settings, DateTimeOffset now) =>
        settings is not null && (settings.Status == "dnd" || settings.QuietHours?.Covers(now) == true);

    static int Level(params ReadOnlySpan<int?> levels)
    {
        foreach (var level in levels)
        {
            if (level is { } set && set != AsAbove) return set;
        }

        return AllMessages;
    }

    static ChannelOverride? Override(UserGuildSettings settings, ChannelId channel)
    {
        foreach (var one in settings.ChannelOverrides)
        {
            if (one.ChannelId == channel) return one;
        }

        return null;
    }

    static bool IsMuted(ChannelOverride? one, DateTimeOffset now) => one is not null && IsMuted(one.Muted, one.MuteConfig, now);

    static bool IsMuted(bool muted, MuteConfig? until, DateTimeOffset now) => muted && !(until?.EndTime <= now);
}

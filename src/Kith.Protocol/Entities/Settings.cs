using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>A user's own settings; USER_SETTINGS_UPDATE carries them whole.</summary>
public sealed record UserSettings
{
    /// <summary>What new sessions appear as: online, idle, dnd or invisible.</summary>
    public string Status { get; init; } = "online";
    public CustomStatus? CustomStatus { get; init; }
    public string Theme { get; init; } = "dark";
    public string Locale { get; init; } = "en-US";

    /// <summary>Off: neither gives nor gets read marks.</summary>
    public bool ReadReceipts { get; init; } = true;
    public bool ShowLastSeen { get; init; } = true;

    /// <summary>Only friends may write.</summary>
    public bool FriendsOnlyDms { get; init; }

    /// <summary>Pushes carry the message's beginning.</summary>
    public bool PushPreview { get; init; } = true;

    /// <summary>Mails of what was missed, where there is an address.</summary>
    public bool EmailDigest { get; init; } = true;

    /// <summary>When no push is wanted; null: never.</summary>
    public QuietHours? QuietHours { get; init; }
    public bool DeveloperMode { get; init; }
    public bool MessageDisplayCompact { get; init; }

    /// <summary>The order of the guilds in the user's list; those not named follow.</summary>
    public IReadOnlyList<GuildId> GuildPositions { get; init; } = [];
}

/// <summary>A part of the day, on all or some days of the week, as the clocks of a time zone show it. One that ends before it starts goes on past midnight, and belongs to the day it starts on.</summary>
/// <param name="TimeZone">An IANA name such as Europe/Berlin.</param>
/// <param name="Start">HH:mm. Equal to <paramref name="End"/>: the whole day.</param>
/// <param name="Days">0 Sunday to 6 Saturday; null: every day.</param>
public sealed record QuietHours(string TimeZone, string Start, string End, IReadOnlyList<int>? Days = null)
{
    /// <summary>False where a part of it cannot be read.</summary>
    public bool Covers(DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) || !TryReadTime(Start, out var start) || !TryReadTime(End, out var end)) return false;
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var (time, day) = (TimeOnly.FromTimeSpan(local.TimeOfDay), (int)local.DayOfWeek);
        if (start < end) return start <= time && time < end && IsOn(day);
        return (time >= start && IsOn(day)) || (time < end && IsOn((day + 6) % 7));
    }

    public static bool TryReadTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out time);

    bool IsOn(int day) => Days is null || Days.Contains(day);
}

public sealed record CustomStatus
{
    public string? Text { get; init; }
    public EmojiId? EmojiId { get; init; }
    public string? EmojiName { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>How much of a guild (of DMs and groups, where <see cref="GuildId"/> is null) a user wants to be told.</summary>
public sealed record UserGuildSettings
{
    public GuildId? GuildId { get; init; }
    public bool Muted { get; init; }
    public MuteConfig? MuteConfig { get; init; }

    /// <summary>0 all, 1 mentions, 2 nothing, 3 the guild's default.</summary>
    public int MessageNotifications { get; init; } = 3;
    public bool SuppressEveryone { get; init; }
    public bool SuppressRoles { get; init; }
    public IReadOnlyList<ChannelOverride> ChannelOverrides { get; init; } = [];

    /// <summary>Grows with every change; the newer wins.</summary>
    public long Version { get; init; }
}

public sealed record ChannelOverride
{
    public required ChannelId ChannelId { get; init; }
    public bool Muted { get; init; }
    public MuteConfig? MuteConfig { get; init; }

    /// <summary>As in <see cref="UserGuildSettings"/>; 3: as the guild's.</summary>
    public int MessageNotifications { get; init; } = 3;
    public bool Collapsed { get; init; }

    [JsonIgnore]
    public bool IsDefault => !Muted && MuteConfig is null && MessageNotifications == 3 && !Collapsed;
}

/// <summary>Until when something is muted; null: for good.</summary>
/// <param name="SelectedTimeWindow">Seconds, as chosen; -1 for good.</param>
public sealed record MuteConfig(DateTimeOffset? EndTime = null, int? SelectedTimeWindow = null);

/// <summary>USER_NOTE_UPDATE: what one has written down about another user; empty where it was cleared.</summary>
public sealed record UserNote(UserId Id, string Note);

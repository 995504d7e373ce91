namespace Kith.Engine.Guilds;

/// <summary>Discord's upper bounds of guilds and what is in them. All in one place; a test crosses each.</summary>
public static class GuildLimits
{
    /// <summary>Guilds that one user may be in.</summary>
    public const int GuildsPerUser = 200;

    /// <summary>Channels of a guild, categories included.</summary>
    public const int Channels = 500;

    /// <summary>Channels in one category.</summary>
    public const int ChannelsPerCategory = 50;

    /// <summary>Roles of a guild, @everyone included.</summary>
    public const int Roles = 250;

    /// <summary>Emojis of a guild that move, and as many that do not.</summary>
    public const int Emojis = 250;

    public const int Stickers = 60;

    /// <summary>Live invites of a guild.</summary>
    public const int Invites = 1000;

    /// <summary>Permission overwrites of a channel.</summary>
    public const int Overwrites = 1000;

    /// <summary>Overwrites that one request may give.</summary>
    public const int OverwritesPerRequest = 100;

    /// <summary>UTF-16 units.</summary>
    public const int MinGuildName = 2, MaxGuildName = 100, MaxDescription = 300;

    public const int MaxChannelName = 100, MaxTopic = 1024, MaxRoleName = 100, MaxNick = 32;

    /// <summary>Slow mode, in seconds: six hours.</summary>
    public const int MaxSlowMode = 21_600;

    /// <summary>Bits per second, and people in a voice channel.</summary>
    public const int MinBitrate = 8_000, MaxBitrate = 384_000, MaxUserLimit = 99;

    /// <summary>Days that a timeout may last.</summary>
    public const int MaxTimeoutDays = 28;

    /// <summary>Seconds: sixty days. And uses of one invite.</summary>
    public const int MaxInviteAge = 5_184_000, MaxInviteUses = 100;

    /// <summary>Seconds that an invite lives where its maker does not say: a day.</summary>
    public const int DefaultInviteAge = 86_400;

    /// <summary>Members, bans: entries of one page.</summary>
    public const int MaxPage = 1000;

    public const int MaxBulkBan = 200;

    /// <summary>Seconds of messages that a ban may delete: a week.</summary>
    public const int MaxDeleteMessageSeconds = 604_800;
}

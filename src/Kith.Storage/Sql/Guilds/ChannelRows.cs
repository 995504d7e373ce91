using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Storage.Sql.Guilds;

/// <summary>A row of the table channels, for guild channels and private ones alike.</summary>
sealed class ChannelRow
{
    /// <summary>For SELECT and INSERT, in one order.</summary>
    public const string Columns =
        "id, guild_id, type, name, topic, position, parent_id, nsfw, rate_limit_per_user, bitrate, user_limit, overwrites, last_pin_timestamp, owner_id, icon";

    public const string Parameters =
        "@Id, @GuildId, @Type, @Name, @Topic, @Position, @ParentId, @Nsfw, @RateLimitPerUser, @Bitrate, @UserLimit, @Overwrites, @LastPinTimestamp, @OwnerId, @Icon";

    /// <summary>What an update of a channel replaces.</summary>
    public static readonly string[] Mutable =
    [
        "type", "name", "topic", "position", "parent_id", "nsfw", "rate_limit_per_user", "bitrate", "user_limit", "overwrites", "owner_id", "icon",
    ];

    public ChannelId Id { get; set; }
    public GuildId? GuildId { get; set; }
    public int Type { get; set; }
    public string? Name { get; set; }
    public string? Topic { get; set; }
    public int Position { get; set; }
    public ChannelId? ParentId { get; set; }
    public bool Nsfw { get; set; }
    public int RateLimitPerUser { get; set; }
    public int Bitrate { get; set; }
    public int UserLimit { get; set; }
    public string Overwrites { get; set; } = "[]";
    public DateTimeOffset? LastPinTimestamp { get; set; }
    public UserId? OwnerId { get; set; }
    public string? Icon { get; set; }

    public static ChannelRow From(ChannelRecord c) => new()
    {
        Id = c.Id, GuildId = c.GuildId, Type = (int)c.Type, Name = c.Name, Topic = c.Topic, Position = c.Position, ParentId = c.ParentId, Nsfw = c.Nsfw,
        RateLimitPerUser = c.RateLimitPerUser, Bitrate = c.Bitrate, UserLimit = c.UserLimit,
        Overwrites = c.Overwrites.Count == 0 ? "[]" : SqlTypes.Json(c.Overwrites),
        LastPinTimestamp = c.LastPinTimestamp, OwnerId = c.OwnerId, Icon = c.Icon,
    };

    public ChannelRecord ToRecord(IReadOnlyList<UserId>? recipients = null) => new()
    {
        Id = Id, GuildId = GuildId, Type = (ChannelType)Type, Name = Name, Topic = Topic, Position = Position, ParentId = ParentId, Nsfw = Nsfw,
        RateLimitPerUser = RateLimitPerUser, Bitrate = Bitrate, UserLimit = UserLimit,
        // An array, so that permissions are computed over it without a copy.
        Overwrites = Overwrites is "[]" ? [] : SqlTypes.FromJson<PermissionOverwrite[]>(Overwrites),
        LastPinTimestamp = LastPinTimestamp, OwnerId = OwnerId, Icon = Icon, Recipients = recipients ?? [],
    };
}

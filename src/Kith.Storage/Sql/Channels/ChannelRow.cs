using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Storage.Sql;

/// <summary>A row of the table channels, for channels of every kind.</summary>
sealed record ChannelRow
{
    public const string Columns =
        "id, guild_id, type, name, topic, position, parent_id, nsfw, rate_limit_per_user, bitrate, user_limit, overwrites, last_pin_timestamp, owner_id, icon";

    public const string Values =
        "@Id, @GuildId, @Type, @Name, @Topic, @Position, @ParentId, @Nsfw, @RateLimitPerUser, @Bitrate, @UserLimit, @Overwrites, @LastPinTimestamp, @OwnerId, @Icon";

    public ChannelId Id { get; init; }
    public GuildId? GuildId { get; init; }
    public ChannelType Type { get; init; }
    public string? Name { get; init; }
    public string? Topic { get; init; }
    public int Position { get; init; }
    public ChannelId? ParentId { get; init; }
    public bool Nsfw { get; init; }
    public int RateLimitPerUser { get; init; }
    public int Bitrate { get; init; }
    public int UserLimit { get; init; }

    /// <summary>JSON: an array of <see cref="PermissionOverwrite"/>; empty text for none.</summary>
    public string Overwrites { get; init; } = "";
    public DateTimeOffset? LastPinTimestamp { get; init; }
    public UserId? OwnerId { get; init; }
    public string? Icon { get; init; }

    public static ChannelRow Of(ChannelRecord channel) => new()
    {
        Id = channel.Id, GuildId = channel.GuildId, Type = channel.Type, Name = channel.Name, Topic = channel.Topic, Position = channel.Position,
        ParentId = channel.ParentId, Nsfw = channel.Nsfw, RateLimitPerUser = channel.RateLimitPerUser, Bitrate = channel.Bitrate,
        UserLimit = channel.UserLimit, Overwrites = channel.Overwrites.Count == 0 ? "" : SqlTypes.Json(channel.Overwrites),
        LastPinTimestamp = channel.LastPinTimestamp, OwnerId = channel.OwnerId, Icon = channel.Icon,
    };

    public ChannelRecord ToRecord(IReadOnlyList<UserId> recipients) => new()
    {
        Id = Id, GuildId = GuildId, Type = Type, Name = Name, Topic = Topic, Position = Position, ParentId = ParentId, Nsfw = Nsfw,
        RateLimitPerUser = RateLimitPerUser, Bitrate = Bitrate, UserLimit = UserLimit,
        Overwrites = Overwrites.Length == 0 ? [] : SqlTypes.FromJson<PermissionOverwrite[]>(Overwrites),
        LastPinTimestamp = LastPinTimestamp, OwnerId = OwnerId, Icon = Icon, Recipients = recipients,
    };
}

using System.Text.Json.Serialization;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>A push on its way to one device.</summary>
public sealed record PushNote
{
    public required PushPayload Payload { get; init; }

    /// <summary>How long the service keeps it for a device that cannot be reached.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>Worth waking a sleeping device for: mentions, DMs, groups.</summary>
    public required bool Urgent { get; init; }

    /// <summary>Of two with one topic a service keeps only the newer. 24 characters of base64url, which tell the service nothing.</summary>
    public required string Topic { get; init; }
}

/// <summary>What a device gets, see docs/protocol.md.</summary>
public sealed record PushPayload
{
    public const string Message = "message";
    public const string Read = "read";
    public const string Test = "test";

    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>Absent where the user wants no preview.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelId? ChannelId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageId? MessageId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PushAuthor? Author { get; init; }

    /// <summary>One notification per tag.</summary>
    public required string Tag { get; init; }

    /// <summary>Unread mentions and messages of DMs and groups, over all channels.</summary>
    public required int Badge { get; init; }
}

public sealed record PushAuthor(UserId Id, string Name, string? Avatar);

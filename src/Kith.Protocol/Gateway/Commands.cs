using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>Opcode 2.</summary>
public sealed record Identify
{
    public required string Token { get; init; }
    public ClientProperties? Properties { get; init; }

    /// <summary>True for large payloads compressed one by one. Anything else is no: oceanic.js repeats the name of its transport compression here.</summary>
    public JsonElement? Compress { get; init; }

    /// <summary>Guilds of more members than this come with the online ones only; 50 to 250.</summary>
    public int? LargeThreshold { get; init; }

    /// <summary><c>[id, count]</c>.</summary>
    public IReadOnlyList<int>? Shard { get; init; }
    public ClientPresence? Presence { get; init; }

    /// <summary>Required of bots; see <see cref="Protocol.Intents"/>.</summary>
    public long? Intents { get; init; }
}

/// <summary>Who the client says it is; older clients put a <c>$</c> before the names.</summary>
public sealed record ClientProperties
{
    public string? Os { get; init; }
    public string? Browser { get; init; }
    public string? Device { get; init; }

    [JsonPropertyName("$os")]
    public string? OldOs { get; init; }

    [JsonPropertyName("$browser")]
    public string? OldBrowser { get; init; }

    [JsonPropertyName("$device")]
    public string? OldDevice { get; init; }
}

/// <summary>Opcode 3, and part of <see cref="Identify"/>.</summary>
public sealed record ClientPresence
{
    /// <summary>online, idle, dnd, invisible or offline, which is the same as invisible.</summary>
    public string? Status { get; init; }
    public IReadOnlyList<Activity>? Activities { get; init; }

    /// <summary>Unix milliseconds since when the client is idle.</summary>
    public long? Since { get; init; }
    public bool? Afk { get; init; }
}

/// <summary>What a user is doing. Only these fields are passed on to others.</summary>
public sealed record Activity
{
    public required string Name { get; init; }

    /// <summary>0 playing, 1 streaming, 2 listening, 3 watching, 4 custom (the text is <see cref="State"/>), 5 competing.</summary>
    public int Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Details { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActivityEmoji? Emoji { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActivityTimestamps? Timestamps { get; init; }

    /// <summary>Unix milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CreatedAt { get; init; }
}

public sealed record ActivityEmoji
{
    public required string Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmojiId? Id { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Animated { get; init; }
}

/// <summary>Unix milliseconds.</summary>
public sealed record ActivityTimestamps(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Start,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? End);

/// <summary>Opcode 6.</summary>
public sealed record ResumeRequest
{
    public required string Token { get; init; }
    public required string SessionId { get; init; }

    /// <summary>The last sequence number that the client received.</summary>
    public required long Seq { get; init; }
}

/// <summary>Opcode 8. Either <see cref="UserIds"/> or <see cref="Query"/>.</summary>
public sealed record RequestGuildMembers
{
    public required GuildId GuildId { get; init; }

    /// <summary>What names begin with; empty for everyone.</summary>
    public string? Query { get; init; }

    /// <summary>0 for no limit, with an empty query only; else at most 100.</summary>
    public int Limit { get; init; }

    /// <summary>Whether presences come along; a user account is then told of the changes of those it asked for by id.</summary>
    public bool Presences { get; init; }

    /// <summary>One id or an array of at most 100.</summary>
    public JsonElement? UserIds { get; init; }

    /// <summary>Comes back in each chunk; ignored where it is longer than 32 bytes.</summary>
    public string? Nonce { get; init; }
}

/// <summary>GUILD_MEMBERS_CHUNK: part of the answer to <see cref="RequestGuildMembers"/>, at most 1,000 members.</summary>
public sealed record GuildMembersChunk
{
    public required GuildId GuildId { get; init; }
    public required IReadOnlyList<Member> Members { get; init; }
    public required int ChunkIndex { get; init; }
    public required int ChunkCount { get; init; }

    /// <summary>Of the ids asked for, those that are no members.</summary>
    public IReadOnlyList<UserId> NotFound { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PresenceUpdate>? Presences { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Nonce { get; init; }
}

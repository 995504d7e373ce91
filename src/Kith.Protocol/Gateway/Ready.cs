using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>READY. The second block is for user accounts only; bots get empty lists where clients expect the field.</summary>
public sealed record Ready
{
    public int V { get; init; } = 10;
    public required SelfUser User { get; init; }

    /// <summary>Each follows as GUILD_CREATE.</summary>
    public required IReadOnlyList<UnavailableGuild> Guilds { get; init; }
    public required string SessionId { get; init; }
    public string SessionType { get; init; } = "normal";
    public required string ResumeGatewayUrl { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Shard { get; init; }
    public required ReadyApplication Application { get; init; }
    public IReadOnlyList<Channel> PrivateChannels { get; init; } = [];
    public IReadOnlyList<Relationship> Relationships { get; init; } = [];
    public IReadOnlyList<PresenceUpdate> Presences { get; init; } = [];

    /// <summary>Everyone whom relationships and private channels speak of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<User>? Users { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReadyReadState? ReadState { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReadyGuildSettings? UserGuildSettings { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UserSettings? UserSettings { get; init; }

    /// <summary>Note by user id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<UserId, string>? Notes { get; init; }

    /// <summary>The account's connected sessions, this one included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReadySession>? Sessions { get; init; }
}

/// <summary>A bot's application; a user account has none, and gets its own id.</summary>
public sealed record ReadyApplication(AppId Id, int Flags);

public sealed record ReadyReadState(IReadOnlyList<ReadStateEntry> Entries, long Version);

public sealed record ReadyGuildSettings(IReadOnlyList<UserGuildSettings> Entries);

public sealed record ReadySession(string Status, ReadyClient ClientInfo);

/// <param name="Client">web, desktop or mobile.</param>
public sealed record ReadyClient(string Client);

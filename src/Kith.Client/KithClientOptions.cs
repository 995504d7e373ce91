using Kith.Protocol;

namespace Kith.Client;

/// <summary>Which server, as whom, and how patiently.</summary>
public sealed record KithClientOptions
{
    /// <summary>Scheme, host and port of the server, such as <c>https://chat.example.org</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The token of an account or a bot, with or without <c>Bot </c>; null for the few calls that need none.</summary>
    public string? Token { get; init; }

    /// <summary>The events a bot asks for. User accounts need none and get all.</summary>
    public Intents? Intents { get; init; }

    /// <summary>This connection's shard and the number of shards; null for all guilds in one session.</summary>
    public (int Shard, int Shards)? Shard { get; init; }

    /// <summary>Has the gateway compress what it sends (<c>zlib-stream</c>): about a sixth of the bytes for some CPU at both ends.</summary>
    public bool Compress { get; init; }

    /// <summary>Guilds with at most this many members send all of them in GUILD_CREATE; 50 to 250.</summary>
    public int LargeThreshold { get; init; } = 250;

    /// <summary>Events that may wait for the reader before the socket is no longer read.</summary>
    public int EventQueue { get; init; } = 1_000;

    /// <summary>How often a request is tried in all: after a 429, or where it is safe to repeat also after a lost connection or a 5xx.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>A rate limit that asks for more patience than this ends the request with <see cref="RateLimitedException"/>.</summary>
    public TimeSpan MaxRateLimitWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For every delay; tests put their own here.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where requests go out; null for a handler of the client's own. Not disposed by the client.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The product that speaks, for the server's log and the user's list of sessions.</summary>
    public string UserAgent { get; init; } = "Kith.Client/0.1";
}

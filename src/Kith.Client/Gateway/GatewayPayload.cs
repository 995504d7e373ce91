using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>The envelope of everything that the gateway sends.</summary>
/// <param name="Op">What it is.</param>
/// <param name="Data">Its content.</param>
/// <param name="Sequence">Number of a dispatch within its session.</param>
/// <param name="Name">Name of a dispatch.</param>
public sealed record GatewayPayload(
    GatewayOpcode Op,
    [property: JsonPropertyName("d")] JsonElement Data,
    [property: JsonPropertyName("s")] long? Sequence = null,
    [property: JsonPropertyName("t")] string? Name = null);

/// <summary>The gateway ended the connection for good: the token, the shard, the version or the intents are wrong.</summary>
public sealed class GatewayRefusedException(GatewayCloseCode code, string reason) : Exception($"The gateway closed with {(int)code}: {reason}")
{
    public GatewayCloseCode Code => code;

    /// <summary>Whether connecting again with the same options cannot help.</summary>
    public static bool IsFinal(int code) => (GatewayCloseCode)code is GatewayCloseCode.AuthenticationFailed or GatewayCloseCode.InvalidShard
        or GatewayCloseCode.ShardingRequired or GatewayCloseCode.InvalidVersion or GatewayCloseCode.InvalidIntents or GatewayCloseCode.DisallowedIntents;
}

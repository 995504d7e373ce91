using System.Text.Json;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <summary>What IDENTIFY may ask for.</summary>
static class IdentifyRules
{
    const int MinLargeThreshold = 50;
    const int MaxLargeThreshold = 250;

    /// <summary>A close code where the client may not have a session so.</summary>
    public static GatewayCloseCode? Check(Principal principal, Identify identify, GatewayOptions options, out SessionIdentity identity)
    {
        var properties = identify.Properties;
        var client = PresenceNames.KindOf(properties?.Os ?? properties?.OldOs, properties?.Browser ?? properties?.OldBrowser);
        var bot = principal.User.Bot;
        var intents = bot ? (Intents)(identify.Intents ?? 0) : (Intents)~0;
        var threshold = Math.Clamp(identify.LargeThreshold ?? MinLargeThreshold, MinLargeThreshold, MaxLargeThreshold);
        var refusal = ReadShard(identify.Shard, out var shard) ?? (bot ? CheckIntents(principal, identify.Intents, options) : null);
        identity = new SessionIdentity(principal.Id, principal.Session, bot, intents, shard, threshold) { Client = client, CompressesPayloads = identify.Compress is { ValueKind: JsonValueKind.True } };
        return refusal;
    }

    static GatewayCloseCode? ReadShard(IReadOnlyList<int>? given, out Shard shard)
    {
        shard = Shard.Whole;
        if (given is null) return null;
        if (given is not [var id, var count] || count is < 1 or > ushort.MaxValue || id < 0 || id >= count) return GatewayCloseCode.InvalidShard;
        shard = new Shard((ushort)id, (ushort)count);
        return null;
    }

    static GatewayCloseCode? CheckIntents(Principal bot, long? intents, GatewayOptions options)
    {
        if (intents is not { } bits || (bits & ~(long)Intents.All) != 0) return GatewayCloseCode.InvalidIntents;
        return ((Intents)bits & GatewayOptions.Privileged) != Intents.None && !options.AllowsPrivileged(bot.Id) ? GatewayCloseCode.DisallowedIntents : null;
    }
}

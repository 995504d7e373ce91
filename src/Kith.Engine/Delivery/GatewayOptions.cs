using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Kith.Domain;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Engine.Delivery;

public sealed record GatewayOptions : IValidatableObject
{
    /// <summary>Intents that tell much about people.</summary>
    public const Intents Privileged = Intents.GuildMembers | Intents.GuildPresences | Intents.MessageContent;

    [Description("The address clients are told to connect to, such as wss://chat.example.org. Empty: the one by which they reached the server.")]
    public string Url { get; init; } = "";

    [Description("The region of this process, which clients may ask for, such as eu-west.")]
    [RegularExpression("[a-zA-Z0-9._-]{0,50}")]
    public string Region { get; init; } = "";

    [Description("Sessions this process is meant to hold: clients are sent to where most room is left.")]
    [Range(1, 10_000_000)]
    public int Capacity { get; init; } = 100_000;

    [Description("Which region callers are in, by network: 203.0.113.0/24 = eu-west. The longest that fits counts.")]
    public IReadOnlyDictionary<string, string> Regions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    [Description("How often clients must send a heartbeat.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(41_250);

    [Description("How long a session outlives its connection, to be resumed.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromMinutes(5);

    [Description("Sessions that a bot may start within a day.")]
    [Range(1, 1_000_000)]
    public int SessionStartsPerDay { get; init; } = 1000;

    [Description("Sessions that an account may start within five seconds.")]
    [Range(1, 100_000)]
    public int MaxConcurrency { get; init; } = 16;

    [Description("With more guilds than this in one session a bot must shard.")]
    [Range(1, 100_000)]
    public int GuildsPerShard { get; init; } = 2500;

    [Description("User ids of bots that may not have the privileged intents (members, presences, message content); all others may.")]
    public IReadOnlyList<string> UnprivilegedBots { get; init; } = [];

    /// <summary>The address of the gateway for whoever made this request: without a slash at the end and without a query, for clients append both.</summary>
    public string AddressFor(HttpRequest request) => Url.Length > 0 ? Url.TrimEnd('/') : $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}";

    public bool AllowsPrivileged(UserId bot) => !UnprivilegedBots.Contains(bot.ToString());

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" && uri is { AbsolutePath: "/", Query: "" }))
            yield return new($"\"{Url}\" is not an address such as wss://chat.example.org", [nameof(Url)]);
        foreach (var network in Regions.Keys.Where(n => !IPNetwork.TryParse(n, out _)))
            yield return new($"\"{network}\" is not a network such as 203.0.113.0/24", [nameof(Regions)]);
    }
}

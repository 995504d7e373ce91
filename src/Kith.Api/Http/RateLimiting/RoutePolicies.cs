using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Kith.Engine.RateLimits;

namespace Kith.Api.Http;

/// <summary>An allowance and the routes that share it. <paramref name="Routes"/> are written as they are mapped, each parameter as <c>{}</c>.</summary>
public sealed record RoutePolicy(string Name, int Limit, TimeSpan Window, params string[] Routes);

/// <summary>
/// How much each route allows, in the order of docs/limits.md. Close to what Discord's clients meet there. What is not listed has a bucket of its own with the
/// default of its method. What depends on options is added by <see cref="RateLimits"/>.
/// </summary>
public static partial class RoutePolicies
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Reading anything not listed, and each unlisted route for itself.</summary>
    public static readonly RateWindow DefaultRead = new(20, Second);

    /// <summary>Changing anything not listed, and each unlisted route for itself.</summary>
    public static readonly RateWindow DefaultWrite = new(10, 2 * Second);

    public static IReadOnlyList<RoutePolicy> All { get; } =
    [
        new("message.send", 5, 5 * Second, "POST /channels/{}/messages"),
        new("message.edit", 5, 5 * Second, "PATCH /channels/{}/messages/{}"),
        new("message.delete", 5, Second, "DELETE /channels/{}/messages/{}"),
        new("message.bulk-delete", 1, Second, "POST /channels/{}/messages/bulk-delete"),
        new("message.read", 10, Second, "GET /channels/{}/messages", "GET /channels/{}/messages/{}"),
        new("message.search", 5, 2 * Second, "GET /channels/{}/messages/search", "GET /guilds/{}/messages/search"),
        new("message.ack", 20, 5 * Second, "POST /channels/{}/messages/{}/ack"),
        new("message.ack-many", 5, 5 * Second, "POST /read-states/ack-bulk", "POST /guilds/{}/ack"),
        new("reaction.change", 4, Second, "PUT /channels/{}/messages/{}/reactions/{}/@me", "DELETE /channels/{}/messages/{}/reactions/{}/@me",
            "DELETE /channels/{}/messages/{}/reactions/{}/{}", "DELETE /channels/{}/messages/{}/reactions/{}", "DELETE /channels/{}/messages/{}/reactions"),
        new("channel.typing", 5, 5 * Second, "POST /channels/{}/typing"),
        new("channel.edit", 5, 15 * Second, "PATCH /channels/{}"),
        new("channel.pins", 5, 4 * Second, "PUT /channels/{}/messages/pins/{}", "DELETE /channels/{}/messages/pins/{}", "PUT /channels/{}/pins/{}", "DELETE /channels/{}/pins/{}"),
        new("channel.create", 10, 10 * Second, "POST /guilds/{}/channels"),
        new("invite.create", 5, 15 * Second, "POST /channels/{}/invites"),
        new("invite.use", 10, 30 * Second, "POST /invites/{}"),
        new("guild.create", 10, 60 * Second, "POST /guilds"),
        new("member.list", 10, 10 * Second, "GET /guilds/{}/members", "GET /guilds/{}/members/search"),
        new("member.edit", 10, 10 * Second, "PATCH /guilds/{}/members/{}", "PUT /guilds/{}/members/{}/roles/{}", "DELETE /guilds/{}/members/{}/roles/{}"),
        new("member.remove", 5, Second, "DELETE /guilds/{}/members/{}", "PUT /guilds/{}/bans/{}", "DELETE /guilds/{}/bans/{}"),
        new("member.prune", 1, 5 * Second, "POST /guilds/{}/prune"),
        new("user.edit", 5, 30 * Second, "PATCH /users/@me"),
        new("user.open-dm", 10, 10 * Second, "POST /users/@me/channels"),
        new("user.relationships", 10, 10 * Second, "POST /users/@me/relationships", "PUT /users/@me/relationships/{}"),
        new("user.follow", 10, 10 * Second, "PUT /users/@me/following/{}", "DELETE /users/@me/following/{}"),
    ];

    static readonly FrozenDictionary<string, RoutePolicy> ByRoute =
        All.SelectMany(p => p.Routes, (policy, route) => KeyValuePair.Create(route, policy)).ToFrozenDictionary();

    public static RoutePolicy? Of(string route) => ByRoute.GetValueOrDefault(route);

    /// <summary><c>POST /channels/{}/messages</c> from the method and a path as mapped.</summary>
    public static string RouteOf(string method, string path) => $"{method} {Parameter.Replace(path, "{}")}";

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter { get; }
}

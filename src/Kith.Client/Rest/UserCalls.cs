using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Users, friends, and the channels between them.</summary>
public sealed class UserCalls(RestClient rest)
{
    public Task<SelfUser> GetSelfAsync(CancellationToken ct) => rest.SendAsync<SelfUser>(HttpMethod.Get, "/users/@me", null, ct);

    public Task<User> GetAsync(UserId id, CancellationToken ct) => rest.SendAsync<User>(HttpMethod.Get, $"/users/{id}", null, ct);

    /// <summary>The DM with a user, made where there is none yet.</summary>
    public Task<Channel> OpenDmAsync(UserId user, CancellationToken ct) =>
        rest.SendAsync<Channel>(HttpMethod.Post, "/users/@me/channels", new { recipient_id = user }, ct, Repeat.Safe);

    public Task<Channel> OpenGroupAsync(IReadOnlyList<UserId> recipients, CancellationToken ct) =>
        rest.SendAsync<Channel>(HttpMethod.Post, "/users/@me/channels", new { recipients }, ct);

    /// <summary>Asks for friendship, or accepts it where the other asked.</summary>
    public Task BefriendAsync(UserId user, CancellationToken ct) => rest.SendAsync(HttpMethod.Put, $"/users/@me/relationships/{user}", new { }, ct);

    public Task BlockAsync(UserId user, CancellationToken ct) => rest.SendAsync(HttpMethod.Put, $"/users/@me/relationships/{user}", new { type = 2 }, ct);

    /// <summary>Ends a friendship, a request or a block.</summary>
    public Task ForgetAsync(UserId user, CancellationToken ct) => rest.SendAsync(HttpMethod.Delete, $"/users/@me/relationships/{user}", null, ct);

    /// <summary>Joins the guild of an invite.</summary>
    public Task<Invite> JoinAsync(string code, CancellationToken ct) =>
        rest.SendAsync<Invite>(HttpMethod.Post, $"/invites/{Uri.EscapeDataString(code)}", new { }, ct, Repeat.Safe);

    public Task LeaveAsync(GuildId guild, CancellationToken ct) => rest.SendAsync(HttpMethod.Delete, $"/users/@me/guilds/{guild}", null, ct);
}

using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Guilds with their channels, roles and members.</summary>
public sealed class GuildCalls(RestClient rest)
{
    public Task<Guild> CreateAsync(string name, CancellationToken ct) => rest.SendAsync<Guild>(HttpMethod.Post, "/guilds", new { name }, ct);

    public Task<Guild> GetAsync(GuildId guild, CancellationToken ct) => rest.SendAsync<Guild>(HttpMethod.Get, $"/guilds/{guild}?with_counts=true", null, ct);

    public Task DeleteAsync(GuildId guild, CancellationToken ct) => rest.SendAsync(HttpMethod.Delete, $"/guilds/{guild}", null, ct);

    public Task<IReadOnlyList<Channel>> ChannelsAsync(GuildId guild, CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<Channel>>(HttpMethod.Get, $"/guilds/{guild}/channels", null, ct);

    public Task<Channel> CreateChannelAsync(GuildId guild, ChannelDraft channel, CancellationToken ct, string? reason = null) =>
        rest.SendAsync<Channel>(HttpMethod.Post, $"/guilds/{guild}/channels", channel, ct, reason: reason);

    public Task<IReadOnlyList<Role>> RolesAsync(GuildId guild, CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<Role>>(HttpMethod.Get, $"/guilds/{guild}/roles", null, ct);

    public Task<Role> CreateRoleAsync(GuildId guild, RoleDraft role, CancellationToken ct, string? reason = null) =>
        rest.SendAsync<Role>(HttpMethod.Post, $"/guilds/{guild}/roles", role, ct, reason: reason);

    public Task<Role> EditRoleAsync(GuildId guild, RoleId role, RoleDraft changes, CancellationToken ct, string? reason = null) =>
        rest.SendAsync<Role>(HttpMethod.Patch, $"/guilds/{guild}/roles/{role}", changes, ct, reason: reason);

    public Task DeleteRoleAsync(GuildId guild, RoleId role, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/guilds/{guild}/roles/{role}", null, ct, reason: reason);

    public Task<Member> MemberAsync(GuildId guild, UserId user, CancellationToken ct) =>
        rest.SendAsync<Member>(HttpMethod.Get, $"/guilds/{guild}/members/{user}", null, ct);

    /// <summary>Members in the order of their ids.</summary>
    /// <param name="guild">Whose.</param>
    /// <param name="after">The last id of the page before.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<IReadOnlyList<Member>> MembersAsync(GuildId guild, UserId? after, int limit, CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<Member>>(HttpMethod.Get, $"/guilds/{guild}/members?limit={limit}&after={after?.Value ?? 0}", null, ct);

    public Task GiveRoleAsync(GuildId guild, UserId user, RoleId role, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Put, $"/guilds/{guild}/members/{user}/roles/{role}", null, ct, reason: reason);

    public Task TakeRoleAsync(GuildId guild, UserId user, RoleId role, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/guilds/{guild}/members/{user}/roles/{role}", null, ct, reason: reason);

    public Task KickAsync(GuildId guild, UserId user, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/guilds/{guild}/members/{user}", null, ct, reason: reason);

    public Task BanAsync(GuildId guild, UserId user, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Put, $"/guilds/{guild}/bans/{user}", new { }, ct, reason: reason);

    public Task UnbanAsync(GuildId guild, UserId user, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/guilds/{guild}/bans/{user}", null, ct, reason: reason);
}

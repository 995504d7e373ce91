using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Channels of every kind.</summary>
public sealed class ChannelCalls(RestClient rest)
{
    public Task<Channel> GetAsync(ChannelId channel, CancellationToken ct) => rest.SendAsync<Channel>(HttpMethod.Get, $"/channels/{channel}", null, ct);

    public Task<Channel> EditAsync(ChannelId channel, ChannelEdit changes, CancellationToken ct, string? reason = null) =>
        rest.SendAsync<Channel>(HttpMethod.Patch, $"/channels/{channel}", changes, ct, reason: reason);

    /// <summary>Deletes a guild's channel, closes a DM, leaves a group.</summary>
    public Task DeleteAsync(ChannelId channel, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{channel}", null, ct, reason: reason);

    public Task SetOverwriteAsync(ChannelId channel, Overwrite overwrite, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Put, $"/channels/{channel}/permissions/{overwrite.Id}",
            new { type = (int)overwrite.Type, allow = overwrite.Allow, deny = overwrite.Deny }, ct, reason: reason);

    public Task DeleteOverwriteAsync(ChannelId channel, OverwriteId overwrite, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{channel}/permissions/{overwrite}", null, ct, reason: reason);

    /// <summary>Shows the others that one is writing, for ten seconds or until the message.</summary>
    public Task TypeAsync(ChannelId channel, CancellationToken ct) => rest.SendAsync(HttpMethod.Post, $"/channels/{channel}/typing", null, ct);

    /// <param name="channel">Where who comes in lands.</param>
    /// <param name="maxAge">How long it is valid; zero for ever.</param>
    /// <param name="maxUses">How often it can be used; 0 for any number.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Invite> CreateInviteAsync(ChannelId channel, TimeSpan maxAge, int maxUses, CancellationToken ct) =>
        rest.SendAsync<Invite>(HttpMethod.Post, $"/channels/{channel}/invites",
            new { max_age = (int)maxAge.TotalSeconds, max_uses = maxUses, unique = true }, ct);

    public Task AddRecipientAsync(ChannelId group, UserId user, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Put, $"/channels/{group}/recipients/{user}", null, ct);

    public Task RemoveRecipientAsync(ChannelId group, UserId user, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{group}/recipients/{user}", null, ct);
}

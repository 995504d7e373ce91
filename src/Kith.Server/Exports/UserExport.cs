using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Export;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Engine.People;
using Kith.Engine.Preferences;

namespace Kith.Server.Exports;

/// <summary>
/// What an instance keeps of one user, as JSON, without what is secret (passwords, tokens, second factors):
/// <code>
/// user.json            the account, settings, notes, relationships, whom it follows
/// servers.json         memberships
/// private.json         DMs and groups
/// logins.json
/// messages.json        all that the user wrote, oldest first
/// files/ID/NAME        all that the user sent
/// </code>
/// </summary>
sealed class UserExport(
    ISettingsStore settings, IRelationshipStore relationships, IFollowStore follows, MembershipExport memberships, IMessageArchive messages, FileExport files)
{
    const int Page = 1000;

    /// <summary>Returns the number of messages.</summary>
    public async Task<int> WriteAsync(UserRecord user, string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        await JsonFile.WriteAsync(Path.Combine(folder, "user.json"), new
        {
            user,
            settings = await settings.FindAsync(user.Id, ct),
            server_settings = await settings.GuildsOfAsync(user.Id, ct),
            notes = (await settings.NotesOfAsync(user.Id, ct)).Select(n => new { user_id = n.Key, note = n.Value }),
            relationships = await relationships.OfUserAsync(user.Id, ct),
            following = await FollowedAsync(user.Id, ct),
        }, ct);
        await memberships.WriteAsync(user.Id, folder, ct);
        await files.WriteAsync(user.Id, folder, ct);
        return await JsonFile.WriteArrayAsync<MessageRecord>(
            Path.Combine(folder, "messages.json"), last => messages.OfAuthorAsync(user.Id, last?.Id ?? new MessageId(-1), Page, ct), ct);
    }

    async Task<List<UserId>> FollowedAsync(UserId user, CancellationToken ct)
    {
        List<UserId> all = [];
        for (var page = await follows.FollowedByAsync(user, default, Page, ct); page.Count > 0; page = await follows.FollowedByAsync(user, all[^1], Page, ct))
            all.AddRange(page);
        return all;
    }
}

/// <summary>Where a user is, and from where it logged in.</summary>
sealed class MembershipExport(IMemberStore members, IChannelStore channels, IAuthSessionStore logins)
{
    public async Task WriteAsync(UserId user, string folder, CancellationToken ct)
    {
        await JsonFile.WriteAsync(Path.Combine(folder, "servers.json"), await members.OfUserAsync(user, ct), ct);
        await JsonFile.WriteAsync(Path.Combine(folder, "private.json"), await channels.OfUserAsync(user, ct), ct);
        await JsonFile.WriteAsync(Path.Combine(folder, "logins.json"), await logins.OfUserAsync(user, ct), ct);
    }
}

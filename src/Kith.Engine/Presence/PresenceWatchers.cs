using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Presence;

/// <summary>
/// Who is told when a user appears differently. Found when it happens, by two queries, rather than kept as pairs for all who are connected. The user's own
/// sessions are among them.
/// </summary>
public sealed class PresenceWatchers(IMemberStore members, IChannelStore channels)
{
    public async ValueTask<Audience.OfWatchers> OfAsync(UserId user, CancellationToken ct)
    {
        var guilds = await members.OfUserAsync(user, ct);
        HashSet<UserId> users = [user];
        foreach (var channel in await channels.OfUserAsync(user, ct))
        {
            if (channel.Type == ChannelType.Dm) users.UnionWith(channel.Recipients);
        }

        return new Audience.OfWatchers(user, [.. users], [.. guilds.Select(m => m.GuildId)]);
    }
}

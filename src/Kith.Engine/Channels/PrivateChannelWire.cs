using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>DMs and groups as they are sent. Their <c>recipients</c> are the others, without who sees it.</summary>
public sealed class PrivateChannelWire(Users users, ChannelTails tails)
{
    public async ValueTask<Channel> OfAsync(ChannelRecord channel, UserId viewer, CancellationToken ct) => (await OfManyAsync([channel], viewer, ct))[0];

    /// <summary>At most two queries: for the users and for the newest messages not at hand.</summary>
    public async ValueTask<IReadOnlyList<Channel>> OfManyAsync(IReadOnlyList<ChannelRecord> channels, UserId viewer, CancellationToken ct)
    {
        var people = channels.SelectMany(c => c.Recipients).Where(id => id != viewer).Distinct().ToArray();
        var known = people.Zip(await users.WireManyAsync(people, ct)).ToDictionary(p => p.First, p => p.Second);
        var last = await tails.FindManyAsync([.. channels.Select(c => c.Id)], ct);
        return [.. channels.Select(c => ChannelWire.OfPrivate(
            c, [.. c.Recipients.Where(id => id != viewer).Select(id => known[id])], last.TryGetValue(c.Id, out var id) ? id : null))];
    }
}

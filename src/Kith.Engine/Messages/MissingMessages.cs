using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;

namespace Kith.Engine.Messages;

/// <summary>Makes the events of messages that are stored, but whose own events have not come: their sender's process was slower than another's, or is no more.</summary>
public sealed class MissingMessages(IMessageStore store, MessageWire wire, ChannelDirectory channels, GuildDirectory guilds, Users users)
{
    /// <summary>In one gap; more are an outage, after which clients read what they show anyway.</summary>
    const int Most = 1000;

    const int Page = 100;

    /// <summary>Those between two ids, in order; nothing where the channel is gone.</summary>
    public async IAsyncEnumerable<Event> BetweenAsync(
        ChannelId channel, MessageId after, MessageId before, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (record, guild) = await channels.FindAsync(channel, ct);
        if (record is null) yield break;
        for (var read = 0; read < Most; read += Page)
        {
            // Newest first, as pages are.
            var page = (await store.PageAsync(channel, PageDirection.After, after, Page, ct)).Reverse().ToArray();
            foreach (var message in page)
            {
                if (message.Id >= before) yield break;
                yield return (await CreatedAsync(record, guild, message, ct)).After(after);
                after = message.Id;
            }

            if (page.Length < Page) yield break;
        }
    }

    async Task<Event> CreatedAsync(ChannelRecord channel, GuildSnapshot? guild, MessageRecord message, CancellationToken ct)
    {
        var author = await users.FindAsync(message.AuthorId, ct) ?? new UserRecord { Id = message.AuthorId, Username = $"deleted-{message.AuthorId}" };
        var member = guild is null ? null : await guilds.MemberAsync(guild.Id, message.AuthorId, ct);
        var access = new ChannelAccess(new Principal(author, default), channel, guild, member, Permissions.None);
        return MessageEvents.Created(access, message, MessageEvents.ForGuild(access, await wire.OneAsync(message, message.AuthorId, ct)));
    }
}

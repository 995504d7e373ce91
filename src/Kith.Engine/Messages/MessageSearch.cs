using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>The answer of a search: each hit in an array of its own, as Discord's.</summary>
public sealed record SearchAnswer(IReadOnlyList<IReadOnlyList<Message>> Messages, int TotalResults, bool DoingDeepHistoricalIndex = false);

/// <summary>Search in a guild or a private channel, in channels only whose history the user may read.</summary>
public sealed class MessageSearch(ISearchIndex index, IMessageStore messages, MessageWire wire, TimeProvider clock)
{
    public const int MaxPage = 25;
    public const int MaxOffset = 9975;

    /// <summary>Null: the index is behind; ask again.</summary>
    public async ValueTask<SearchAnswer?> InGuildAsync(GuildAccess access, SearchQuery query, CancellationToken ct)
    {
        var readable = access.Guild.Channels.Values
            .Where(c => c.IsText && (access.Guild.PermissionsIn(c, access.Member, clock.GetUtcNow()) & Readable) == Readable)
            .Select(c => c.Id).ToHashSet();
        if (query.Channels.Count > 0) readable.IntersectWith(query.Channels);
        return readable.Count == 0 ? new SearchAnswer([], 0) : await RunAsync(query with { Channels = readable }, access.Principal.Id, ct);
    }

    public ValueTask<SearchAnswer?> InChannelAsync(ChannelAccess access, SearchQuery query, CancellationToken ct) =>
        RunAsync(query with { Channels = [access.Id] }, access.Principal.Id, ct);

    const Permissions Readable = Permissions.ViewChannel | Permissions.ReadMessageHistory;

    async ValueTask<SearchAnswer?> RunAsync(SearchQuery query, UserId user, CancellationToken ct)
    {
        if (await index.SearchAsync(query, ct) is not { } found) return null;
        Dictionary<MessageId, Message> shown = [];
        foreach (var channel in found.Hits.GroupBy(h => h.Channel))
        {
            foreach (var message in await wire.ManyAsync(await messages.FindManyAsync(channel.Key, [.. channel.Select(h => h.Message)], ct), user, ct))
                shown[message.Id] = message with { Hit = true };
        }

        IReadOnlyList<Message>[] groups = [.. found.Hits.Where(h => shown.ContainsKey(h.Message)).Select(h => new[] { shown[h.Message] })];
        return new SearchAnswer(groups, found.Total);
    }
}

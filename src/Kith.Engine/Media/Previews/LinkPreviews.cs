using System.Text.RegularExpressions;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Media.Previews;

/// <summary>Messages with links, waiting for previews. Bounded: where a thousand wait, further ones go without.</summary>
public sealed partial class LinkQueue(MediaOptions options)
{
    const int Capacity = 1000;
    const int MaxLinks = 3;

    readonly System.Threading.Channels.Channel<MessageKey> waiting = System.Threading.Channels.Channel.CreateBounded<MessageKey>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<MessageKey> Reader => waiting.Reader;

    /// <summary>On the path of every send, so it costs one search for a few letters where there is no link.</summary>
    public void Offer(MessageRecord message)
    {
        if (options.LinkPreviews && message.Type is MessageType.Default or MessageType.Reply && LinksOf(message).Count > 0) waiting.Writer.TryWrite(new MessageKey(message.ChannelId, message.Id));
    }

    /// <summary>The first links of a message, each once; those between angle brackets are meant to have no preview.</summary>
    public static IReadOnlyList<Uri> LinksOf(MessageRecord message)
    {
        if (!message.Content.Contains("://", StringComparison.Ordinal) || message.Flags.HasFlag(MessageFlags.SuppressEmbeds)) return [];
        return [.. Links.Matches(message.Content).Select(m => Uri.TryCreate(m.Value, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>().Distinct().Take(MaxLinks)];
    }

    [GeneratedRegex(@"(?<![<\w])https?://[^\s<>""]{1,2000}(?<![.,;:!?')\]])", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 200)]
    private static partial Regex Links { get; }
}

/// <summary>Adds to messages what the pages behind their links say of themselves, after they are sent: the message is updated, and everyone told.</summary>
public sealed partial class LinkPreviews(LinkQueue queue, LinkFetcher fetcher, PreviewedMessages messages, ILogger<LinkPreviews> log) : BackgroundService
{
    /// <summary>Messages at once.</summary>
    const int Width = 4;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Width).Select(_ => RunAsync(stoppingToken)));

    async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var key in queue.Reader.ReadAllAsync(ct))
                await PreviewAsync(key, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What waits goes without.
        }
    }

    async Task PreviewAsync(MessageKey key, CancellationToken ct)
    {
        try
        {
            if (await messages.FindAsync(key, ct) is not { } message) return;
            List<Embed> embeds = [];
            foreach (var link in LinkQueue.LinksOf(message))
            {
                if (await fetcher.FetchAsync(link, ct) is var (address, html) && HtmlPreview.Read(address, html) is { } embed) embeds.Add(embed with { Url = link.ToString() });
            }

            if (embeds.Count > 0) await messages.AddAsync(message, embeds, ct);
        }
        catch (RegexMatchTimeoutException)
        {
            // A page made to be slow to read has no preview.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, key.Message);
        }
    }

    [LoggerMessage(1720, LogLevel.Warning, "The links of message {Message} could not be previewed")]
    partial void LogFailed(Exception e, MessageId message);
}

/// <summary>Messages as previews find and leave them.</summary>
public sealed class PreviewedMessages(IMessageStore store, MessageWire wire, ChannelDirectory channels, GuildDirectory guilds, Users users, IEventLog events)
{
    /// <summary>Null where the author may not have embeds, or the message is gone.</summary>
    public async Task<MessageRecord?> FindAsync(MessageKey key, CancellationToken ct) =>
        await store.FindAsync(key.Channel, key.Message, ct) is { } message && await AccessAsync(message, ct) is { } access && access.Has(Permissions.EmbedLinks) ? message : null;

    /// <summary>Unless its text was changed meanwhile.</summary>
    public async Task AddAsync(MessageRecord before, IReadOnlyList<Embed> embeds, CancellationToken ct)
    {
        if (await store.FindAsync(before.ChannelId, before.Id, ct) is not { } message || message.Content != before.Content || message.Flags.HasFlag(MessageFlags.SuppressEmbeds)) return;
        if (await AccessAsync(message, ct) is not { } access) return;
        var after = message with { Parts = message.Parts with { Embeds = [.. message.Parts.Embeds.Concat(embeds).Take(MessageLimits.Embeds)] } };
        if (!await store.UpdateAsync(after, ct)) return;
        var shown = await wire.OneAsync(after, after.AuthorId, ct);
        await events.PublishAsync(MessageEvents.Updated(access, after, MessageEvents.ForGuild(access, shown) with { Reactions = null }), ct);
    }

    /// <summary>The author's.</summary>
    async Task<ChannelAccess?> AccessAsync(MessageRecord message, CancellationToken ct)
    {
        var (channel, guild) = await channels.FindAsync(message.ChannelId, ct);
        if (channel is null || await users.FindAsync(message.AuthorId, ct) is not { } author) return null;
        var principal = new Principal(author, default);
        if (guild is null) return new ChannelAccess(principal, channel, null, null, Permissions.DirectMessage);
        return await guilds.MemberAsync(guild.Id, author.Id, ct) is { } member
            ? new ChannelAccess(principal, channel, guild, member, guild.PermissionsIn(channel, author.Id, member.Roles)) : null;
    }
}

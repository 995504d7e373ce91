using System.Text;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Engine.Preferences;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>The mail of what someone has missed: each channel with unread mentions, or messages of a DM or group.</summary>
public sealed class DigestComposer(UnreadMarks marks, ChannelDirectory channels, Users users, Settings settings, ISessionDirectory sessions, Unsubscribing unsubscribing)
{
    /// <summary>Channels in one mail.</summary>
    const int MaxLines = 20;

    /// <summary>Null where there is nothing to tell, or it is not wanted.</summary>
    public async Task<Mail?> OfAsync(UserId user, CancellationToken ct)
    {
        if (await users.FindAsync(user, ct) is not { Email: { Length: > 0 } address } record) return null;
        if (!(await settings.OfAsync(user, ct)).EmailDigest || (await sessions.OnlineAsync([user], ct)).Count > 0) return null;
        var missed = (await marks.SummariesAsync(user, ct)).Where(s => s.MentionCount > 0).OrderByDescending(s => s.MentionCount).ToArray();
        if (missed.Length == 0) return null;
        var total = missed.Sum(s => s.MentionCount);
        var text = new StringBuilder($"Hello {record.GlobalName ?? record.Username},\n\nwhile you were away:\n\n");
        foreach (var channel in missed.Take(MaxLines))
            text.Append($"- {await NameAsync(channel.ChannelId, user, ct)}: {channel.MentionCount}\n  {unsubscribing.LinkTo(channel.ChannelId, await GuildAsync(channel.ChannelId, ct))}\n");
        if (missed.Length > MaxLines) text.Append($"- and {missed.Length - MaxLines} more\n");
        text.Append($"\nNo more of these mails: {unsubscribing.UrlOf(user)}\n");
        return new Mail(address, record.GlobalName ?? record.Username, $"{total} unread {(total == 1 ? "message or mention" : "messages and mentions")}", text.ToString(), unsubscribing.UrlOf(user));
    }

    async ValueTask<GuildId?> GuildAsync(ChannelId channel, CancellationToken ct) => (await channels.FindAsync(channel, ct)).Guild?.Id;

    async ValueTask<string> NameAsync(ChannelId id, UserId reader, CancellationToken ct)
    {
        var (channel, guild) = await channels.FindAsync(id, ct);
        if (channel is null) return $"{id}";
        if (guild is not null) return $"#{channel.Name} in {guild.Guild.Name}";
        if (channel.Name is { Length: > 0 } name) return name;
        var others = await users.WireManyAsync([.. channel.Recipients.Where(u => u != reader)], ct);
        return string.Join(", ", others.Select(o => o.GlobalName ?? o.Username));
    }
}

/// <summary>Links in mails: into the web client, and the one that ends the mails without logging in.</summary>
public sealed class Unsubscribing(InstanceKey key, PushOptions options, Users users, Settings settings)
{
    const string Purpose = "unsubscribe";

    public string UrlOf(UserId user) => $"{Root}/unsubscribe?user={user}&signature={key.Sign(Purpose, $"{user}")}";

    public string LinkTo(ChannelId channel, GuildId? guild) => $"{Root}/channels/{guild?.ToString() ?? "@me"}/{channel}";

    public bool IsGenuine(UserId user, string signature) => key.IsSigned(Purpose, $"{user}", signature);

    /// <summary>False where there is no such user any more.</summary>
    public async Task<bool> EndAsync(UserId user, CancellationToken ct) => await users.FindAsync(user, ct) is { } record
        && (await settings.UpdateAsync(new Principal(record, default), new UserSettingsForm { EmailDigest = new Optional<bool>(false) }, ct)).Error is null;

    string Root => options.PublicUrl.TrimEnd('/');
}

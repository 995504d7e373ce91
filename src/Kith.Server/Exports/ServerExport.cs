using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;

namespace Kith.Server.Exports;

/// <summary>
/// A server as JSON:
/// <code>
/// server.json          the server with roles and channels
/// members.json, bans.json
/// messages/ID.json     one for each channel that has messages, oldest first
/// files/ID/NAME        their files
/// </code>
/// </summary>
sealed class ServerExport(IMemberStore members, IBanStore bans, IMessageStore messages, FileExport files)
{
    const int Page = 1000;

    /// <summary>Returns the number of messages.</summary>
    public async Task<int> WriteAsync(GuildSnapshot guild, string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(folder, "messages"));
        await JsonFile.WriteAsync(Path.Combine(folder, "server.json"), new { server = guild.Guild, roles = guild.Roles.Values, channels = guild.Channels.Values }, ct);
        await JsonFile.WriteArrayAsync<MemberRecord>(Path.Combine(folder, "members.json"), last => members.ListAsync(guild.Id, last?.UserId ?? default, Page, ct), ct);
        await JsonFile.WriteArrayAsync<BanRecord>(Path.Combine(folder, "bans.json"), last => bans.ListAsync(guild.Id, null, last?.UserId ?? default, Page, ct), ct);
        var count = 0;
        foreach (var channel in guild.Channels.Values.Where(c => c.IsText).OrderBy(c => c.Id.Value))
            count += await WriteAsync(channel.Id, folder, ct);
        return count;
    }

    async Task<int> WriteAsync(ChannelId channel, string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, "messages", $"{channel}.json");
        var count = await JsonFile.WriteArrayAsync<MessageRecord>(path, async last =>
        {
            MessageRecord[] page = [.. (await messages.PageAsync(channel, PageDirection.After, last?.Id ?? default, Page, ct)).OrderBy(m => m.Id.Value)];
            foreach (var message in page)
                await files.WriteAsync(message, folder, ct);
            return page;
        }, ct);
        if (count == 0) File.Delete(path);
        return count;
    }
}

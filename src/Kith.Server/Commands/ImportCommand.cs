using System.CommandLine;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Import;
using Kith.Engine.Import.Irc;
using Kith.Protocol;
using Kith.Server.Configuration;
using Spectre.Console;

namespace Kith.Server.Commands;

/// <summary><c>kith import irc</c>.</summary>
sealed class ImportCommand : Command
{
    public ImportCommand(SettingOptions settings)
        : base("import", "Brings in history from elsewhere.") => Add(new ImportIrcCommand(settings));
}

/// <summary>Reads a folder of IRC logs, a file a day, into a channel of a server. What is there already is left as it is.</summary>
sealed class ImportIrcCommand : KithCommand
{
    readonly Argument<string> folder = new("DIR") { Description = "The folder; each file's name has its day (2006-05-27.txt)." };
    readonly Option<string> server = new("--server") { Description = "The server's name or id; made where there is none of the name.", Required = true, HelpName = "NAME" };
    readonly Option<string?> channel = new("--channel") { Description = "The channel's name [default: the one that the logs name, else general].", HelpName = "NAME" };
    readonly Option<string?> owner = new("--owner") { Description = "Who owns a server that is made [default: the instance's first admin].", HelpName = "USER" };

    public ImportIrcCommand(SettingOptions settings)
        : base("irc", "Reads IRC logs into a server: people, messages at their times, mentions, actions, topics and changes of nick. Doing it again adds nothing.", settings)
    {
        Add(folder);
        Add(server);
        Add(channel);
        Add(owner);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        await using var instance = await Instance.OpenAsync(options, ct);
        var days = Days(parsed.GetRequiredValue(folder), instance.Get<TimeProvider>().GetUtcNow());
        var name = parsed.GetValue(channel) ?? ChannelOf(days);
        var (guild, isNew) = await GuildAsync(instance, parsed.GetRequiredValue(server), parsed.GetValue(owner), ct);
        var target = await ChannelAsync(instance, guild, name, isNew, ct);
        var import = new IrcImport(instance.Get<IImportStore>(), instance.Get<SnowflakeGenerator>(), guild, target);
        await ImportProgress.RunAsync(days, import, ct);
        Report(import.Counts, guild, target, name);
        return Done;
    }

    static (string Path, DateTimeOffset Day)[] Days(string folder, DateTimeOffset now)
    {
        if (!Directory.Exists(folder)) throw new StartException($"There is no folder {folder}.");
        string[] files = [.. Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".txt" or ".log").Order(StringComparer.Ordinal)];
        List<(string Path, DateTimeOffset Day)> days = [];
        foreach (var file in files)
        {
            if (IrcDay.DateOf(file) is not { } day) Console.Error.WriteLine($"{Path.GetFileName(file)}: left out, for its name has no day such as 2006-05-27");
            else if (day > now) Console.Error.WriteLine($"{Path.GetFileName(file)}: left out, for its day is still to come");
            else days.Add((file, day));
        }

        return days.Count > 0 ? [.. days.OrderBy(d => d.Day)] : throw new StartException($"There is no file of a log in {folder}: a name such as 2006-05-27.txt is expected.");
    }

    static async Task<(GuildId Guild, bool IsNew)> GuildAsync(Instance instance, string name, string? owner, CancellationToken ct)
    {
        if (Snowflake.TryParse(name, out var id) && await instance.Get<IGuildStore>().LoadAsync(new GuildId(id), ct) is not null) return (new GuildId(id), false);
        var found = await instance.Get<IImportStore>().FindGuildsAsync(name, ct);
        if (found.Count > 1) throw new StartException($"{found.Count} servers are called {name}; give the id of one: {string.Join(", ", found)}.");
        return found.Count == 1 ? (found[0], false) : (await ServerCommand.CreateAsync(instance, await OwnerAsync(instance, owner, ct), name, ct), true);
    }

    /// <summary>Who was named, or the first admin; where there is nobody yet, an account that only its token opens, so that the first to register is still the admin.</summary>
    static async Task<UserRecord> OwnerAsync(Instance instance, string? name, CancellationToken ct)
    {
        if (name is not null) return await instance.UserAsync(name, ct);
        if (await instance.Get<IImportStore>().FirstAdminAsync(ct) is { } admin) return await instance.UserAsync(admin.ToString(), ct);
        var fresh = new UserRecord { Id = new UserId(instance.Get<SnowflakeGenerator>().Next()), Username = "", GlobalName = "Archivist" };
        var id = await instance.Get<IImportStore>().KeeperAsync(fresh, ["archivist", .. Enumerable.Range(2, 1000).Select(i => $"archivist{i}")], ct);
        var keeper = await instance.UserAsync(id.ToString(), ct);
        Console.WriteLine($"The server belongs to the account {keeper.Username}, which opens with the token of \"kith user token {keeper.Username}\".");
        return keeper;
    }

    static string ChannelOf((string Path, DateTimeOffset Day)[] days) =>
        days.Take(3).Select(d => IrcDay.Read(d.Path, d.Day).Channel).FirstOrDefault(c => c is not null)?.TrimStart('#') is { Length: > 0 } name ? name : "general";

    /// <summary>The channel of that name; in a server just made, the one it has takes the name.</summary>
    static async Task<ChannelId> ChannelAsync(Instance instance, GuildId guild, string name, bool isNew, CancellationToken ct)
    {
        var snapshot = (await instance.Get<IGuildStore>().LoadAsync(guild, ct))!;
        var texts = snapshot.Channels.Values.Where(c => c.Type == ChannelType.GuildText).OrderBy(c => c.Id.Value).ToArray();
        if (texts.FirstOrDefault(c => c.Name == name) is { } found) return found.Id;
        var actor = new Actor(new Principal(await instance.UserAsync(snapshot.Guild.OwnerId.ToString(), ct), default));
        var form = new ChannelForm { Name = name };
        var result = isNew ? await instance.Get<GuildChannels>().ModifyAsync(actor, texts[0].Id, form, ct) : await instance.Get<GuildChannels>().CreateAsync(actor, guild, form, ct);
        return result.Ok(out var made, out var error) ? made.Id : throw new StartException($"The channel #{name} cannot be made: {ErrorText.Of(error.Code).Message}.");
    }

    static void Report(IrcImportCounts counts, GuildId guild, ChannelId channel, string name)
    {
        Console.WriteLine($"Server {guild}, channel {channel} (#{name}).");
        Console.WriteLine(counts.Files == 0
            ? "Nothing new."
            : $"{counts.Messages:N0} messages, {counts.Actions:N0} actions, {counts.Renames:N0} changes of nick and {counts.Topics:N0} topics "
            + $"with {counts.Mentions:N0} mentions by {counts.Users:N0} new people from {counts.Files:N0} files.");
    }
}

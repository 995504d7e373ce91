using System.CommandLine;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Server.Configuration;
using Kith.Server.Exports;

namespace Kith.Server.Commands;

/// <summary>Writes what an instance keeps of a user, or a server with all its messages, as JSON. What is being written is never whole in memory.</summary>
sealed class ExportCommand : KithCommand
{
    readonly Option<string?> user = new("--user") { Description = "User name or id.", HelpName = "NAME" };
    readonly Option<string?> server = new("--server") { Description = "The server's id.", HelpName = "ID" };
    readonly Option<string?> to = new("--to") { Description = "The folder to write into [default: kith-export-NAME or kith-export-ID].", HelpName = "DIR" };

    public ExportCommand(SettingOptions settings)
        : base("export", "Writes a user's data or a server as JSON files, also while a server runs.", settings)
    {
        Add(user);
        Add(server);
        Add(to);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        var (name, id) = (parsed.GetValue(user), parsed.GetValue(server));
        if (name is null == id is null) throw new StartException("Either --user NAME or --server ID is expected.");
        await using var instance = await Instance.OpenAsync(options, ct);
        var folder = parsed.GetValue(to) ?? $"kith-export-{name ?? id}";
        try
        {
            var count = name is not null ? await UserAsync(instance, name, folder, ct) : await ServerAsync(instance, id!, folder, ct);
            Console.WriteLine($"{count:N0} messages in {folder}.");
            return Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The export cannot be written to {folder}: {e.Message}", e);
        }
    }

    static async Task<int> UserAsync(Instance instance, string name, string folder, CancellationToken ct) =>
        await instance.Make<UserExport>(instance.Make<MembershipExport>(), instance.Make<FileExport>()).WriteAsync(await instance.UserAsync(name, ct), folder, ct);

    static async Task<int> ServerAsync(Instance instance, string id, string folder, CancellationToken ct)
    {
        var guild = Snowflake.TryParse(id, out var number) ? await instance.Get<IGuildStore>().LoadAsync(new GuildId(number), ct) : null;
        return await instance.Make<ServerExport>(instance.Make<FileExport>()).WriteAsync(guild ?? throw new StartException($"There is no server {id}."), folder, ct);
    }
}

using System.CommandLine;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Server.Configuration;

namespace Kith.Server.Commands;

/// <summary><c>kith server create</c>.</summary>
sealed class ServerCommand : Command
{
    public ServerCommand(SettingOptions settings)
        : base("server", "Makes servers.") => Add(new CreateCommand(settings));

    sealed class CreateCommand : KithCommand
    {
        readonly Argument<string> name = new("NAME") { Description = "The server's name; with --count, NAME 1, NAME 2, …" };
        readonly Option<string> owner = new("--owner") { Description = "Who owns it: user name or id.", Required = true, HelpName = "USER" };
        readonly Option<int> count = new("--count") { Description = "How many to make.", HelpName = "M", DefaultValueFactory = _ => 1 };

        public CreateCommand(SettingOptions settings)
            : base("create", "Makes servers, each with a channel #general, and prints their ids.", settings)
        {
            Add(name);
            Add(owner);
            Add(count);
        }

        protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
        {
            await using var instance = await Instance.OpenAsync(options, ct);
            var user = await instance.UserAsync(parsed.GetRequiredValue(owner), ct);
            var many = parsed.GetValue(count);
            for (var i = 1; i <= many; i++)
                Console.WriteLine(await CreateAsync(instance, user, many == 1 ? parsed.GetRequiredValue(name) : $"{parsed.GetValue(name)} {i}", ct));
            return Done;
        }
    }

    /// <summary>Whoever may use the command line may make more than the API would let a user own.</summary>
    internal static async Task<GuildId> CreateAsync(Instance instance, UserRecord owner, string name, CancellationToken ct)
    {
        var result = await instance.Get<GuildLifecycle>().CreateAsync(new Actor(new Principal(owner, default)), new GuildForm { Name = name }, int.MaxValue, ct);
        return result.Ok(out var guild, out var error) ? guild.Id
            : throw new StartException(error.Fields is [var field, ..] ? $"{field.Path}: {field.Message}" : ErrorText.Of(error.Code).Message);
    }
}

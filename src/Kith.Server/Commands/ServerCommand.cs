using System.CommandLine;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;
using Kith.Protocol;
using Kith.Server.Configuration;

namespace Kith.Server.Commands;

/// <summary><c>kith server create|invite</c>.</summary>
sealed class ServerCommand : Command
{
    public ServerCommand(SettingOptions settings)
        : base("server", "Makes servers and invites.")
    {
        Add(new CreateCommand(settings));
        Add(new InviteCommand(settings));
    }

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

    sealed class InviteCommand : KithCommand
    {
        readonly Argument<string> server = new("SERVER") { Description = "The server's id." };

        public InviteCommand(SettingOptions settings)
            : base("invite", "Prints the code of an invite that does not expire, in the name of the server's owner.", settings) => Add(server);

        protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
        {
            await using var instance = await Instance.OpenAsync(options, ct);
            var text = parsed.GetRequiredValue(server);
            var guild = Snowflake.TryParse(text, out var id) ? await instance.Get<IGuildStore>().LoadAsync(new GuildId(id), ct) : null;
            if (guild?.Channels.Values.Where(c => c.Type == ChannelType.GuildText).MinBy(c => c.Id.Value) is not { } channel)
                throw new StartException($"There is no server {text}, or it has no text channel.");
            var owner = new Actor(new Principal(await instance.UserAsync(guild.Guild.OwnerId.ToString(), ct), default));
            var result = await instance.Get<GuildInvites>().CreateAsync(owner, channel.Id, new InviteForm { MaxAge = 0 }, ct);
            Console.WriteLine(result.Ok(out var invite, out var error) ? invite.Code : throw new StartException(ErrorText.Of(error.Code).Message));
            return Done;
        }
    }

    /// <summary>Whoever may use the command line may make more than the API would let a user own.</summary>
    internal static async Task<GuildId> CreateAsync(Instance instance, UserRecord owner, string name, CancellationToken ct)
    {
        var result = await instance.Get<GuildCreation>().CreateAsync(new Actor(new Principal(owner, default)), new GuildForm { Name = name }, int.MaxValue, ct);
        return result.Ok(out var guild, out var error) ? guild.Id
            : throw new StartException(error.Fields is [var field, ..] ? $"{field.Path}: {field.Message}" : ErrorText.Of(error.Code).Message);
    }
}

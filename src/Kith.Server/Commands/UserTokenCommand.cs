using System.CommandLine;
using Kith.Engine.Accounts;

namespace Kith.Server.Commands;

sealed class UserTokenCommand : KithCommand
{
    readonly Argument<string> name = new("NAME") { Description = "User name or id." };

    public UserTokenCommand(SettingOptions settings)
        : base("token", "Prints a new token of a user, as a login would give it.", settings) => Add(name);

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        await using var instance = await Instance.OpenAsync(options, ct);
        var user = await instance.UserAsync(parsed.GetRequiredValue(name), ct);
        Console.WriteLine((await instance.Get<LoginSessions>().OpenAsync(user.Id, new ClientInfo(null, "kith user token"), ct)).Token);
        return Done;
    }
}

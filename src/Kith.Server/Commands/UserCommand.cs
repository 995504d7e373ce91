using System.CommandLine;

namespace Kith.Server.Commands;

/// <summary><c>kith user create|token</c>.</summary>
sealed class UserCommand : Command
{
    public UserCommand(SettingOptions settings)
        : base("user", "Makes accounts and tokens.")
    {
        Add(new UserCreateCommand(settings));
        Add(new UserTokenCommand(settings));
    }
}

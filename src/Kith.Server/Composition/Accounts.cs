using System.Security.Cryptography;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Admin;
using Kith.Engine.Bots;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Admin;
using Kith.Storage.Sql.Bots;

namespace Kith.Server.Composition;

static class AccountsComposition
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, KithOptions options) => services
        .AddSingleton(_ => new InstanceKey(options.Accounts.Key.Length > 0 ? Convert.FromBase64String(options.Accounts.Key) : ReadOrCreateKey(Path.Combine(options.Data, "instance.key"))))
        .AddSingleton<Tokens>()
        .AddSingleton<IUserStore, SqlUserStore>()
        .AddSingleton<IAuthSessionStore, SqlAuthSessionStore>()
        .AddSingleton<ICredentialStore, SqlCredentialStore>()
        .AddSingleton<IRegistrationCodeStore, SqlRegistrationCodeStore>()
        .AddSingleton<Passwords>()
        .AddSingleton<LoginAttempts>()
        .AddSingleton<LoginTickets>()
        .AddSingleton<LoginSessions>()
        .AddSingleton<SecondFactors>()
        .AddSingleton<Logins>()
        .AddSingleton<NewAccounts>()
        .AddSingleton<Registrations>()
        .AddSingleton<RegistrationCodes>()
        .AddSingleton<TwoFactor>()
        .AddSingleton<ProfileEvents>()
        .AddSingleton<Profiles>()
        .AddSingleton<ProfilePictures>()
        .AddSingleton<IAdminStore, SqlAdminStore>()
        .AddSingleton<Administration>()
        .AddHostedService<LoginUpkeep>();

    /// <summary>Applications and their bots.</summary>
    public static IServiceCollection AddBots(this IServiceCollection services) => services
        .AddSingleton<IApplicationStore, SqlApplicationStore>()
        .AddSingleton<Applications>();

    /// <summary>The key that signs tokens: made at first start and kept. Whoever has it can be anyone, so only the owner may read the file.</summary>
    static byte[] ReadOrCreateKey(string path)
    {
        if (File.Exists(path)) return Convert.FromBase64String(File.ReadAllText(path));
        var key = RandomNumberGenerator.GetBytes(AccountOptions.KeyBytes);
        // Whole or not at all: a start that is interrupted here must not leave half a key.
        var unfinished = $"{path}.new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: false);
        return key;
    }
}

/// <summary>Writes when logins were last used, a minute behind.</summary>
sealed partial class LoginUpkeep(Tokens tokens, TimeProvider clock, ILogger<LoginUpkeep> log) : PeriodicWork(Period, clock)
{
    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override Task RunAsync(CancellationToken ct) => tokens.FlushUsesAsync(ct);

    protected override Task FinishAsync(CancellationToken ct) => tokens.FlushUsesAsync(ct);

    protected override void Failed(Exception e) => LogFailed(e);

    [LoggerMessage(1500, LogLevel.Error, "The times of last use of logins could not be written; it is tried again")]
    partial void LogFailed(Exception e);
}

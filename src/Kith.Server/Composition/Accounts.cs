using System.Security.Cryptography;
using Kith.Engine.Accounts;
using Kith.Storage.Sql.Accounts;

namespace Kith.Server.Composition;

static class AccountsComposition
{
    const int KeyBytes = 32;

    public static IServiceCollection AddAccounts(this IServiceCollection services, KithOptions options) => services
        .AddSingleton(s => ActivatorUtilities.CreateInstance<Tokens>(s, ReadOrCreateKey(Path.Combine(options.Data, "instance.key"))))
        .AddSingleton<IUserStore, SqlUserStore>()
        .AddSingleton<IAuthSessionStore, SqlAuthSessionStore>()
        .AddSingleton<ICredentialStore, SqlCredentialStore>()
        .AddSingleton<Passwords>()
        .AddSingleton<Logins>()
        .AddSingleton<Registrations>();

    /// <summary>The key that signs tokens: made at first start and kept. Whoever has it can be anyone, so only the owner may read the file.</summary>
    static byte[] ReadOrCreateKey(string path)
    {
        if (File.Exists(path)) return Convert.FromBase64String(File.ReadAllText(path));
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
        file.Flush(flushToDisk: true);
        return key;
    }
}

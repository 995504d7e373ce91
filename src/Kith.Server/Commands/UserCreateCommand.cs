using System.CommandLine;
using System.Runtime.CompilerServices;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Server.Configuration;

namespace Kith.Server.Commands;

/// <summary>Makes one account or many.</summary>
sealed class UserCreateCommand : KithCommand
{
    /// <summary>Accounts that join in one transaction: some milliseconds, which other writers may have to wait.</summary>
    const int BatchSize = 1000;

    readonly Argument<string> name = new("NAME") { Description = "User name; with --count, the beginning of NAME1, NAME2, …" };
    readonly Option<int?> count = new("--count") { Description = "How many accounts to make.", HelpName = "N" };
    readonly Option<string?> password = new("--password") { Description = "The password of all of them. Without one they can only be used by token.", HelpName = "P" };
    readonly Option<string?> tokens = new("--tokens") { Description = "Writes a line \"id name token\" for each. Without this, the one of a single account is printed.", HelpName = "FILE" };
    readonly Option<string?> join = new("--join") { Description = "Servers to join, by id, separated by commas.", HelpName = "SERVER[,SERVER]" };
    readonly Option<bool> admin = new("--admin") { Description = "Makes them admins of the instance." };

    public UserCreateCommand(SettingOptions settings)
        : base("create", "Makes accounts, also while a server runs.", settings)
    {
        Add(name);
        Add(count);
        Add(password);
        Add(tokens);
        Add(join);
        Add(admin);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        var names = Names(parsed.GetRequiredValue(name), parsed.GetValue(count));
        if (Wrong(names, parsed.GetValue(password)) is { } wrong) throw new StartException(wrong);
        await using var instance = await Instance.OpenAsync(options, ct);
        var guilds = await GuildsAsync(instance, parsed.GetValue(join), ct);
        await using var file = parsed.GetValue(tokens) is { } path ? OpenSecret(path) : null;
        var output = file ?? (names.Length == 1 ? Console.Out : null);
        var made = 0;
        var accounts = instance.Get<NewAccounts>().CreateManyAsync(names, parsed.GetValue(password), ct);
        await foreach (var batch in Batches(accounts, ct))
        {
            await JoinAsync(instance, guilds, batch, ct);
            foreach (var (user, token) in batch)
            {
                if (parsed.GetValue(admin)) await instance.Get<IUserStore>().UpdateAsync(user.Id, u => u with { Admin = true }, ct);
                if (output is not null) await output.WriteLineAsync($"{user.Id} {user.Username} {token}");
            }

            made += batch.Count;
        }

        if (output != Console.Out) Console.WriteLine($"{made} accounts made.");
        if (made == names.Length) return Done;
        await Console.Error.WriteLineAsync($"kith: {names.Length - made} of {names.Length} names are taken already.");
        return Failed;
    }

    static async Task JoinAsync(Instance instance, GuildId[] guilds, IReadOnlyList<(UserRecord User, string Token)> batch, CancellationToken ct)
    {
        var now = instance.Get<TimeProvider>().GetUtcNow();
        foreach (var guild in guilds)
            await instance.Get<IMemberStore>().AddManyAsync([.. batch.Select(b => new MemberRecord { GuildId = guild, UserId = b.User.Id, JoinedAt = now })], ct);
    }

    static async IAsyncEnumerable<List<T>> Batches<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken ct)
    {
        List<T> batch = [];
        await foreach (var item in items.WithCancellation(ct))
        {
            batch.Add(item);
            if (batch.Count < BatchSize) continue;
            yield return batch;
            batch = [];
        }

        if (batch.Count > 0) yield return batch;
    }

    static string[] Names(string name, int? count)
    {
        if (count is < 1) throw new StartException($"--count is {count}: at least 1 is expected.");
        var folded = AccountRules.Fold(name);
        return count is > 1 and var many ? [.. Enumerable.Range(1, many).Select(i => $"{folded}{i}")] : [folded];
    }

    /// <summary>What the API would refuse as well. The longest name stands for all.</summary>
    static string? Wrong(string[] names, string? password)
    {
        var errors = new FormErrors();
        AccountRules.Username(errors, "NAME", names[0]);
        AccountRules.Username(errors, "NAME", names[^1]);
        if (password is not null) AccountRules.Password(errors, "--password", password);
        return errors.Error?.Fields is [var field, ..] ? $"{field.Path}: {field.Message}" : null;
    }

    static async Task<GuildId[]> GuildsAsync(Instance instance, string? join, CancellationToken ct)
    {
        List<GuildId> guilds = [];
        foreach (var text in join?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            if (!Snowflake.TryParse(text, out var id) || await instance.Get<IGuildStore>().LoadAsync(new GuildId(id), ct) is null)
                throw new StartException($"--join: there is no server {text}.");
            guilds.Add(new GuildId(id));
        }

        return [.. guilds];
    }

    /// <summary>Tokens are passwords: only the owner may read the file.</summary>
    static StreamWriter OpenSecret(string path)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            return new StreamWriter(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--tokens {path} cannot be written: {e.Message}", e);
        }
    }
}

using Kith.Testing;

namespace Kith.Server.Tests.Commands;

public sealed class UserCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Accounts_made_while_a_server_runs_can_be_used_at_once_by_token_and_by_password()
    {
        await using var host = await KithHost.Start();
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var tokens = Path.Combine(folder.Path, "tokens");
        await Cli.RunAsync(host.Data, "user", "create", "load", "--count", "1200", "--password", TestUser.Password, "--tokens", tokens, "--join", $"{guild.Id}");

        var lines = File.ReadAllLines(tokens).Select(l => l.Split(' ')).ToArray();
        Assert.Equal(Enumerable.Range(1, 1200).Select(i => $"load{i}"), lines.Select(l => l[1]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tokens));
        var last = host.As(lines[^1][2]);
        Assert.Equal(lines[^1][0], (await last.Get("/users/@me")).Ok().Str("id"));
        (await last.Post($"/channels/{guild.General}/messages", new { content = "hello" })).Ok();
        Assert.NotNull((await host.Anonymous().Post("/auth/login", new { login = "load7", password = TestUser.Password })).Ok().Str("token"));
        Assert.Equal(1201, (await last.Get($"/guilds/{guild.Id}?with_counts=true")).Ok().Int("approximate_member_count"));
    }

    [Fact]
    public async Task One_account_is_printed_with_its_token_and_a_new_token_can_be_had()
    {
        var line = (await Cli.RunAsync(folder.Path, "user", "create", "Ann", "--admin")).Trim().Split(' ');
        Assert.Equal("ann", line[1]);
        var second = (await Cli.RunAsync(folder.Path, "user", "token", "ann")).Trim();
        Assert.NotEqual(line[2], second);
        await using var host = await KithHost.Start(new KithHostSetup { Data = folder.Path });
        foreach (var token in new[] { line[2], second })
            Assert.Equal("ann", (await host.As(token).Get("/users/@me")).Ok().Str("username"));
    }

    [Fact]
    public async Task Names_that_are_taken_are_left_out_and_told()
    {
        await Cli.RunAsync(folder.Path, "user", "create", "ann2");
        var (code, output, error) = await KithProcess.Run("user", "create", "ann", "--count", "3", "--data", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("2 accounts made.", output, StringComparison.Ordinal);
        Assert.Contains("1 of 3 names are taken already.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NAME: Must be between 2 and 32 in length.", "x")]
    [InlineData("NAME: Please only use numbers, letters", "two words")]
    [InlineData("--password: Must be between", "ann", "--password", "short")]
    [InlineData("--count is 0: at least 1 is expected.", "ann", "--count", "0")]
    [InlineData("--join: there is no server 12.", "ann", "--join", "12")]
    public async Task What_the_API_would_refuse_is_refused(string message, params string[] arguments) =>
        Assert.Contains(message, await Cli.RefusedAsync(["user", "create", .. arguments, "--data", folder.Path]), StringComparison.Ordinal);

    [Fact]
    public async Task Servers_are_made_for_their_owner_with_a_channel_and_can_be_joined_by_invite()
    {
        await Cli.RunAsync(folder.Path, "user", "create", "ann");
        var ids = (await Cli.RunAsync(folder.Path, "server", "create", "Home", "--owner", "ann", "--count", "3")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, ids.Distinct(StringComparer.Ordinal).Count());
        var code = (await Cli.RunAsync(folder.Path, "server", "invite", ids[1])).Trim();
        await using var host = await KithHost.Start(new KithHostSetup { Data = folder.Path });
        var guest = await host.Register("guest");
        await guest.Join(code);
        Assert.Equal(ids[1], Assert.Single((await guest.Api.Get("/users/@me/guilds")).Ok().Items()).Str("id"));
        var channels = (await guest.Api.Get($"/guilds/{ids[1]}/channels")).Ok().Items();
        Assert.Contains(channels, c => c.Str("name") == "general");
        Assert.Contains("There is no user bob", await Cli.RefusedAsync("server", "create", "Home", "--owner", "bob", "--data", folder.Path), StringComparison.Ordinal);
    }
}

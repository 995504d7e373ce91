using System.Text.Json;
using Kith.Testing;

namespace Kith.Server.Tests.Commands;

public sealed class ExportTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_server_is_exported_with_members_and_all_messages_oldest_first()
    {
        await using var host = await KithHost.Start();
        var (owner, other) = (await host.Register(), await host.Register());
        var guild = await owner.CreateGuild("Home");
        await guild.Admit(other);
        await owner.Send(guild.General, "first");
        await other.Send(guild.General, "second \"quoted\" 漢字");
        await Cli.RunAsync(host.Data, "export", "--server", $"{guild.Id}", "--to", folder.Path);

        Assert.Equal("Home", Read("server.json").GetProperty("server").Str("name"));
        Assert.Equal([$"{owner.Id}", $"{other.Id}"], Read("members.json").Items().Select(m => m.Str("user_id")));
        Assert.Equal(["first", "second \"quoted\" 漢字"], Read("messages", $"{guild.General}.json").Items().Select(m => m.Str("content")).Where(c => c is not ""));
    }

    [Fact]
    public async Task A_user_is_exported_with_its_messages_everywhere_and_nothing_secret()
    {
        await using var host = await KithHost.Start();
        var (user, other) = (await host.Register(), await host.Register());
        var guild = await user.CreateGuild();
        await guild.Admit(other);
        await user.Send(guild.General, "mine");
        await other.Send(guild.General, "not mine");
        await Cli.RunAsync(host.Data, "export", "--user", user.Name, "--to", folder.Path);

        Assert.Equal(["mine"], Read("messages.json").Items().Select(m => m.Str("content")).Where(c => c is not ""));
        Assert.Equal(user.Name, Read("user.json").GetProperty("user").Str("username"));
        Assert.Equal($"{guild.Id}", Assert.Single(Read("servers.json").Items()).Str("guild_id"));
        var everything = string.Concat(Directory.EnumerateFiles(folder.Path).Select(File.ReadAllText));
        Assert.DoesNotContain("password", everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(user.Token, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_exported_with_the_server_and_with_who_sent_them()
    {
        await using var host = await KithHost.Start();
        var (user, other) = (await host.Register(), await host.Register());
        var guild = await user.CreateGuild();
        await guild.Admit(other);
        var file = TestFile.Noise("Größe.bin", 100_000);
        var sent = (await user.SendFiles(guild.General, file)).Items("attachments").Single();
        await other.SendFiles(guild.General, TestFile.Text("theirs.txt", "not mine"));
        await Cli.RunAsync(host.Data, "export", "--user", user.Name, "--to", Path.Combine(folder.Path, "user"));
        await Cli.RunAsync(host.Data, "export", "--server", $"{guild.Id}", "--to", Path.Combine(folder.Path, "server"));
        var mine = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "user", "files"), "*", SearchOption.AllDirectories));
        Assert.EndsWith($"{sent.Str("id")}/Größe.bin", mine, StringComparison.Ordinal);
        Assert.Equal(file.Content, File.ReadAllBytes(mine));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder.Path, "server", "files"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_server_of_more_than_a_page_is_exported_whole()
    {
        using var data = new TemporaryFolder();
        var logs = Directory.CreateDirectory(Path.Combine(data.Path, "logs")).FullName;
        File.WriteAllLines(Path.Combine(logs, "2016-05-01.txt"), Enumerable.Range(0, 2_500).Select(i => $"[10:00] <ann> number {i}"));
        await Cli.RunAsync(Path.Combine(data.Path, "data"), "import", "irc", logs, "--server", "Tea");
        var output = await Cli.RunAsync(Path.Combine(data.Path, "data"), "export", "--user", "ann", "--to", folder.Path);
        Assert.Contains("2,500 messages", output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"number {i}"), Read("messages.json").Items().Select(m => m.Str("content")));
    }

    [Fact]
    public async Task Who_or_what_does_not_exist_is_refused()
    {
        using var data = new TemporaryFolder();
        Assert.Contains("There is no user nobody", await Cli.RefusedAsync("export", "--user", "nobody", "--data", data.Path), StringComparison.Ordinal);
        Assert.Contains("There is no server 12", await Cli.RefusedAsync("export", "--server", "12", "--data", data.Path), StringComparison.Ordinal);
        Assert.Contains("Either --user NAME or --server ID", await Cli.RefusedAsync("export", "--data", data.Path), StringComparison.Ordinal);
    }

    JsonElement Read(params string[] path) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine([folder.Path, .. path]))).RootElement;
}

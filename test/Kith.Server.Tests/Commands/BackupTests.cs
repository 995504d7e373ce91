using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Kith.Testing;

namespace Kith.Server.Tests.Commands;

public sealed class BackupTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_backup_taken_while_the_server_runs_brings_back_accounts_tokens_and_messages_up_to_then()
    {
        await using var host = await KithHost.Start();
        var user = await host.Register();
        var guild = await user.CreateGuild();
        await user.Send(guild.General, "before");
        await Cli.RunAsync(host.Data, "backup", At("kith.tar.gz"));
        await user.Send(guild.General, "after");

        await Cli.RunAsync(At("restored"), "restore", At("kith.tar.gz"));
        await using var restored = await KithHost.Start(new KithHostSetup { Data = At("restored") });
        var messages = (await restored.As(user.Token).Get($"/channels/{guild.General}/messages")).Ok().Items();
        Assert.Equal("before", Assert.Single(messages).Str("content"));
    }

    [Fact]
    public async Task A_backup_brings_back_files_and_leaves_out_what_is_made_of_them()
    {
        await using var host = await KithHost.Start();
        var user = await host.Register();
        var channel = (await user.CreateGuild()).General;
        var sent = await user.SendFiles(channel, new TestFile("a.png", Pictures.Png(64, 64)));
        (await Media.Get(sent.Url() + "&width=16")).Expect(200);
        Assert.True(Directory.Exists(Path.Combine(host.Data, "media", "derived")));
        await Cli.RunAsync(host.Data, "backup", At("kith.tar.gz"));
        await Cli.RunAsync(At("restored"), "restore", At("kith.tar.gz"));
        Assert.False(Directory.Exists(Path.Combine(At("restored"), "media", "derived")));
        await using var restored = await KithHost.Start(new KithHostSetup { Data = At("restored") });
        var read = (await restored.As(user.Token).Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok();
        Assert.Equal(Pictures.Png(64, 64), (await Media.Get(read.Url())).Expect(200).Content);
    }

    [Fact]
    public async Task Only_its_owner_may_read_a_backup_and_nothing_else_is_left_behind()
    {
        await Cli.RunAsync(At("data"), "user", "create", "ann");
        await Cli.RunAsync(At("data"), "backup", At("kith.tar.gz"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("kith.tar.gz")));
        Assert.Equal(["data", "kith.tar.gz"], Directory.EnumerateFileSystemEntries(folder.Path).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_not_restored_into()
    {
        await Cli.RunAsync(At("data"), "user", "create", "ann");
        await Cli.RunAsync(At("data"), "backup", At("kith.tar.gz"));
        Assert.Contains("is not empty", await Cli.RefusedAsync("restore", At("kith.tar.gz"), "--data", At("data")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_backup_of_nothing() =>
        Assert.Contains("There is no instance in", await Cli.RefusedAsync("backup", At("kith.tar.gz"), "--data", At("nothing")), StringComparison.Ordinal);

    [Theory]
    [InlineData("manifest.json", "{\"format\":1}", "../outside", "which no backup has")]
    [InlineData("manifest.json", "{\"format\":99}", "kith.db", "it has the format 99")]
    [InlineData("kith.db", "", "manifest.json", "it is no backup of Kith")]
    [InlineData("manifest.json", "{\"format\":1}", "kith.db", "cannot be read")]
    public async Task What_is_no_sound_backup_is_refused_and_leaves_nothing(string first, string content, string second, string why)
    {
        await using (var file = File.Create(At("bad.tar.gz")))
        await using (var compressed = new GZipStream(file, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(compressed, TarEntryFormat.Pax))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, first) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, second) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 5000))) });
        }

        Assert.Contains(why, await Cli.RefusedAsync("restore", At("bad.tar.gz"), "--data", At("data")), StringComparison.Ordinal);
        Assert.Equal(["bad.tar.gz"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    string At(string name) => Path.Combine(folder.Path, name);
}

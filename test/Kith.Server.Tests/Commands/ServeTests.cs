using System.Text.Json;
using Kith.Testing;
using Microsoft.Data.Sqlite;

namespace Kith.Server.Tests.Commands;

/// <summary>How the server starts, refuses to, and ends: as a process.</summary>
public sealed class ServeTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SIGTERM_ends_it_with_0_and_what_was_sent_is_kept()
    {
        await using var first = await KithProcess.Serve(folder.Path);
        var user = await first.Anonymous().Register();
        var guild = await user.CreateGuild();
        await user.Send(guild.General, "kept");
        Assert.Equal(0, await first.Terminate());

        await using var second = await KithProcess.Serve(folder.Path);
        Assert.Equal("kept", (await second.As(user.Token).Get($"/channels/{guild.General}/messages")).Ok().Items()[0].Str("content"));
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_or_port_does_not_start()
    {
        await using var first = await KithProcess.Serve(folder.Path);
        Assert.Contains("Another kith already serves", await Cli.RefusedAsync("serve", "--urls", "http://127.0.0.1:0", "--data", folder.Path), StringComparison.Ordinal);
        using var other = new TemporaryFolder();
        var refused = await Cli.RefusedAsync("serve", "--urls", first.Address.ToString(), "--data", other.Path);
        Assert.Contains("Urls", refused, StringComparison.Ordinal);
        Assert.Contains("address already in use", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no option Nope", "--set", "Nope=1")]
    [InlineData("The option RateLimits:Enabled is \"maybe\"", "--set", "RateLimits:Enabled=maybe")]
    [InlineData("The option Urls is \"nowhere\"", "--urls", "nowhere")]
    [InlineData("The configuration file /no/such/file cannot be read", "--config", "/no/such/file")]
    [InlineData("The data folder /proc/kith cannot be written to", "--data", "/proc/kith")]
    [InlineData("Unrecognized command or argument '--nope'", "--nope")]
    public async Task What_cannot_be_stops_the_start_with_one_line(string message, params string[] arguments)
    {
        string[] data = arguments.Contains("--data") ? [] : ["--data", folder.Path];
        Assert.Contains(message, await Cli.RefusedAsync(["serve", .. arguments, .. data]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await Cli.RunAsync(folder.Path, "user", "create", "ann");
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "kith.db")};Pooling=false"))
        {
            connection.Open();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999999";
            command.ExecuteNonQuery();
        }

        Assert.Contains("has schema 999999", await Cli.RefusedAsync("serve", "--data", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cassandra_is_refused_by_a_build_without_its_driver_before_anything_else_is_tried()
    {
        string[] cluster = ["Redis:Address=127.0.0.1:1", "Kafka:Servers=127.0.0.1:1", "MySql:Connection=Server=127.0.0.1;Port=1", $"Accounts:Key={Convert.ToBase64String(new byte[32])}", "Cluster:Worker=0"];
        var refused = await Cli.RefusedAsync(["serve", "--data", folder.Path, .. cluster.Append("Cassandra:ContactPoints=127.0.0.1").SelectMany(o => new[] { "--set", o })]);
        Assert.Contains("was built without Cassandra's driver", refused, StringComparison.Ordinal);
        Assert.Contains("Cassandra is for clusters", await Cli.RefusedAsync("serve", "--data", folder.Path, "--set", "Cassandra:ContactPoints=127.0.0.1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        var path = Path.Combine(folder.Path, "kith.db");
        File.WriteAllText(path, new string('x', 5000));
        Assert.Contains("cannot be opened", await Cli.RefusedAsync("serve", "--data", folder.Path), StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(path));
    }

    [Fact]
    public async Task Logs_are_objects_where_that_is_asked_for()
    {
        await using var server = await KithProcess.Serve(folder.Path, new Dictionary<string, string> { ["KITH__Logging__Format"] = "Json", ["KITH__Logging__Level"] = "Trace" });
        var user = await server.Anonymous().Register();
        await user.CreateGuild();
        await server.Terminate();
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith('{')).ToArray();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("EventId", out _), line));
    }
}

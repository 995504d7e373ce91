using System.Text;
using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.Server.Tests.Import;

/// <summary>The command on logs of a few lines; what it made is seen over the API of a server on the same data.</summary>
public sealed class ImportIrcTests : IDisposable
{
    readonly TemporaryFolder data = new();
    readonly TemporaryFolder logs = new();

    public void Dispose()
    {
        data.Dispose();
        logs.Dispose();
    }

    [Fact]
    public async Task People_messages_times_actions_topics_and_changes_of_nick_arrive_in_the_logs_order()
    {
        Log("2014-12-31", "[23:58] <Ann> first", "[23:59]  * Bob waves", "=== Bob is now known as Bobby", "=== ..[topic/#tea:Ann] : Leaves", "[00:01] <Ann> after midnight");
        Log("2015-03-01", "[12:00] <Bobby> later", "[12:00] <Bobby> same minute");
        await Import();
        var view = await View.Open(data);

        var messages = (await view.Api.Get($"/channels/{view.Channel}/messages?limit=100")).Ok().Items().Reverse().ToArray();
        Assert.Equal(
            ["first", "_waves_", "_is now known as Bobby_", "_changed the topic to:_ Leaves", "after midnight", "later", "same minute"], messages.Select(m => m.Str("content")));
        Assert.Equal(["ann", "bob", "bob", "ann", "ann", "bobby", "bobby"], messages.Select(m => m.GetProperty("author").Str("username")));
        Assert.Equal("Ann", messages[0].GetProperty("author").Str("global_name"));
        Assert.Equal(
            ["2014-12-31T23:58", "2014-12-31T23:59", "2014-12-31T23:59", "2014-12-31T23:59", "2015-01-01T00:01", "2015-03-01T12:00", "2015-03-01T12:00"],
            messages.Select(m => m.Str("timestamp")![..16]));
        Assert.Equal([1, 2, 3, 4], messages.Take(4).Select(m => m.Id<MessageId>().Value));
        Assert.Equal(FirstIdOf(new DateTimeOffset(2015, 3, 1, 12, 0, 0, TimeSpan.Zero)), messages[5].Id<MessageId>().Value);
        Assert.Equal(messages.Select(m => m.Id<MessageId>().Value).Order(), messages.Select(m => m.Id<MessageId>().Value));
        Assert.Equal("Leaves", (await view.Api.Get($"/channels/{view.Channel}")).Ok().Str("topic"));
        await view.DisposeAsync();
    }

    [Fact]
    public async Task Nicks_addressed_are_mentioned_where_they_are_known_and_the_text_stays()
    {
        Log("2016-05-01", "[10:00] <ann> bob: hi", "[10:01] <bob> ANN, and @cy! not cy", "=== cy [~c@host]  has joined #tea",
            "[10:02] <ann> bob, cy: both", "[10:03] <ann> well: nobody, @nobody", "[10:04] <ann> mail me@bob or bob", "[10:05] <bob> ann: cy, too late");
        Log("2016-05-02", "[10:00] <ann> bob: not here today");
        await Import();
        await using var view = await View.Open(data);

        var messages = (await view.Api.Get($"/channels/{view.Channel}/messages?limit=100")).Ok().Items().Reverse().ToArray();
        Assert.Equal("ANN, and @cy! not cy", messages[1].Str("content"));
        Assert.Equal(
            ["bob", "ann,cy", "bob,cy", "", "", "ann", ""], messages.Select(m => string.Join(',', m.Items("mentions").Select(u => u.Str("username")))));
    }

    [Fact]
    public async Task Mentions_count_as_unread_for_whom_they_name_and_are_found()
    {
        Log("2016-05-01", "[10:00] <bob> hello everybody", "[10:01] <ann> bob: one", "[10:02] <ann> two for @bob", "[10:03] <ann> three for nobody");
        await Import();
        await using var view = await View.Open(data);
        var bob = view.Host.As((await Kith("user", "token", "bob")).Trim());

        var unread = (await bob.Get($"/channels/{view.Channel}/unread")).Ok();
        Assert.Equal(2, unread.Int("mention_count"));
        Assert.Equal(3, unread.Int("unread_count"));
        Assert.Equal(["two for @bob", "bob: one"], (await bob.Get("/users/@me/mentions")).Ok().Items().Select(m => m.Str("content")));
        var found = (await view.Api.Get($"/guilds/{view.Guild}/messages/search?content=everybody")).Ok();
        Assert.Equal(1, found.Int("total_results"));
        var bobId = (await bob.Get("/users/@me")).Ok().Str("id");
        Assert.Equal(2, (await view.Api.Get($"/guilds/{view.Guild}/messages/search?mentions={bobId}")).Ok().Int("total_results"));
    }

    [Fact]
    public async Task Running_it_again_adds_nothing_and_a_log_that_grew_adds_what_is_new()
    {
        Log("2014-05-01", "[10:00] <ann> one", "[10:01] <bob> two");
        Log("2016-05-01", "[10:00] <ann> three");
        await Import();
        Assert.Contains("Nothing new.", await Import(), StringComparison.Ordinal);
        await using (var view = await View.Open(data))
            Assert.Equal(["one", "two", "three"], await view.ContentsAsync());

        Log("2014-05-01", "[10:00] <ann> one", "[10:01] <bob> two", "[10:02] <bob> two and a half");
        Log("2016-05-01", "[10:00] <ann> three", "[10:00] <ANN> four");
        Log("2016-05-02", "[10:00] <cy> five");
        Assert.Contains("3 messages", await Import(), StringComparison.Ordinal);
        await using (var view = await View.Open(data))
        {
            Assert.Equal(["one", "two", "two and a half", "three", "four", "five"], await view.ContentsAsync());
            Assert.Equal(4, (await view.Api.Get($"/guilds/{view.Guild}?with_counts=true")).Ok().Int("approximate_member_count"));
        }
    }

    [Fact]
    public async Task Malformed_lines_are_reported_by_file_and_line_and_the_rest_is_read()
    {
        Log("2016-05-01", "[10:00] <ann> one", "", "what is this", "[25:00] <ann> never", "[10:01] <ann> two");
        File.WriteAllText(Path.Combine(logs.Path, "notes.txt"), "[10:00] <ann> no day");
        File.WriteAllText(Path.Combine(logs.Path, "2999-01-01.txt"), "[10:00] <ann> from the future");
        var (code, output, error) = await KithProcess.Run("import", "irc", logs.Path, "--server", "Tea", "--data", data.Path);

        Assert.Equal(0, code);
        Assert.Contains("2016-05-01.txt:3: skipped, for it is no line of an IRC log", error, StringComparison.Ordinal);
        Assert.Contains("2016-05-01.txt:4: skipped, for it has the time 25:00", error, StringComparison.Ordinal);
        Assert.Contains("notes.txt: left out, for its name has no day", error, StringComparison.Ordinal);
        Assert.Contains("2999-01-01.txt: left out, for its day is still to come", error, StringComparison.Ordinal);
        Assert.Contains("2 messages", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_and_control_characters_do_not_get_through()
    {
        File.WriteAllBytes(Path.Combine(logs.Path, "2016-05-01.txt"),
            [.. "[10:00] <ann> caf"u8, 0xE9, .. "\n[10:01] <ann> \u0002bold\u0002 \u000304,01red\u0003 nul\0\n[10:02] <ann> café 漢字\n"u8]);
        await Import();
        await using var view = await View.Open(data);
        Assert.Equal(["café", "bold red nul", "café 漢字"], await view.ContentsAsync());
    }

    [Fact]
    public async Task Names_that_are_taken_or_impossible_become_others_and_nobody_is_taken_for_someone_else()
    {
        await Kith("user", "create", "ann");
        Log("2016-05-01", "[10:00] <ann> one", "[10:01] <^^> two", "[10:02] <__> three", "[10:03] <x> four", "[10:04] <everyone> five");
        await Import();
        await using var view = await View.Open(data);
        var names = (await view.Api.Get($"/channels/{view.Channel}/messages?limit=100")).Ok().Items().Reverse().Select(m => m.GetProperty("author").Str("username"));
        Assert.Equal(["ann_irc", "__", "___irc", "x_", "everyone_irc"], names);
    }

    [Fact]
    public async Task The_first_to_register_after_an_import_into_an_empty_instance_is_its_admin()
    {
        Log("2016-05-01", "[10:00] <ann> one");
        Assert.Contains("archivist", await Import(), StringComparison.Ordinal);
        await Kith("user", "create", "first");
        Log("2016-05-02", "[10:00] <ann> two");
        var (_, output, _) = await KithProcess.Run("import", "irc", logs.Path, "--server", "Other", "--data", data.Path);
        await using var host = await KithHost.Start(new KithHostSetup { Data = data.Path });
        var first = host.As((await Kith("user", "token", "first")).Trim());
        Assert.Contains((await first.Get("/users/@me/guilds")).Ok().Items(), g => g.Str("name") == "Other" && g.Bool("owner"));
        Assert.DoesNotContain("archivist", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_imports_of_the_same_days_into_two_servers_share_no_id()
    {
        Log("2014-05-01", "[10:00] <ann> one", "[10:00] <bob> two");
        Log("2016-05-01", "[10:00] <ann> three", "[10:00] <ann> four");
        await Import();
        await Kith("import", "irc", logs.Path, "--server", "Two");
        await using var view = await View.Open(data, "Two");
        var ids = (await view.Api.Get($"/channels/{view.Channel}/messages?limit=100")).Ok().Items().Reverse().Select(m => m.Id<MessageId>().Value).ToArray();
        var may = FirstIdOf(new DateTimeOffset(2016, 5, 1, 10, 0, 0, TimeSpan.Zero));
        Assert.Equal([3, 4, may + 2, may + 3], ids);
    }

    [Theory]
    [InlineData("There is no folder /no/such/folder.", "/no/such/folder")]
    [InlineData("There is no file of a log in", "")]
    public async Task A_folder_without_logs_is_refused(string message, string folder)
    {
        var (code, _, error) = await KithProcess.Run("import", "irc", folder.Length > 0 ? folder : logs.Path, "--server", "Tea", "--data", data.Path);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    /// <summary>Under the worker of imported messages.</summary>
    static long FirstIdOf(DateTimeOffset time) => Snowflake.AtTime(time) + (1023 << 12);

    void Log(string day, params string[] lines) => File.WriteAllText(Path.Combine(logs.Path, day + ".txt"), string.Join('\n', lines) + "\n");

    Task<string> Import() => Kith("import", "irc", logs.Path, "--server", "Tea", "--channel", "tea");

    Task<string> Kith(params string[] arguments) => Commands.Cli.RunAsync(data.Path, arguments);
}

/// <summary>A server on imported data, seen by its owner.</summary>
sealed record View(KithHost Host, ApiClient Api, string Guild, string Channel) : IAsyncDisposable
{
    public static async Task<View> Open(TemporaryFolder data, string server = "Tea")
    {
        var host = await KithHost.Start(new KithHostSetup { Data = data.Path });
        foreach (var owner in new[] { "archivist", "ann" })
        {
            var (code, token, _) = await KithProcess.Run("user", "token", owner, "--data", data.Path);
            if (code != 0) continue;
            var api = host.As(token.Trim());
            if ((await api.Get("/users/@me/guilds")).Ok().Items().FirstOrDefault(g => g.Str("name") == server) is not { ValueKind: JsonValueKind.Object } guild) continue;
            var channels = (await api.Get($"/guilds/{guild.Str("id")}/channels")).Ok().Items();
            return new View(host, api, guild.Str("id")!, channels.Single(c => c.Int("type") == 0).Str("id")!);
        }

        throw new InvalidOperationException($"Nobody owns {server}.");
    }

    /// <summary>Oldest first.</summary>
    public async Task<string[]> ContentsAsync() => [.. (await Api.Get($"/channels/{Channel}/messages?limit=100")).Ok().Items().Reverse().Select(m => m.Str("content")!)];

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

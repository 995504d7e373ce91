using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kith.Domain;
using Kith.Testing;

namespace Kith.Server.Tests.Import;

/// <summary>Ten real days, and the whole corpus where it lies beside the checkout: what the files say by a count of their own is what the API tells afterwards.</summary>
public sealed partial class RealLogsTests
{
    [Fact]
    public Task Ten_days_arrive_whole() => ImportAndCompare(Repository.PathOf("test", "data", "irc-ubuntu"));

    [Fact]
    public Task The_whole_corpus_arrives_whole()
    {
        var folder = Path.Combine(Repository.Root, "..", "shared", "data", "irc-ubuntu");
        Assert.SkipUnless(Directory.Exists(folder), "The corpus does not lie beside this checkout.");
        return ImportAndCompare(folder);
    }

    static async Task ImportAndCompare(string logs)
    {
        string[] lines = [.. Directory.EnumerateFiles(logs, "*.txt").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)];
        var messages = lines.Count(Message().IsMatch);
        var renames = lines.Count(l => l.StartsWith("=== ", StringComparison.Ordinal) && l.Contains(" is now known as ", StringComparison.Ordinal));
        using var data = new TemporaryFolder();
        var output = await Commands.Cli.RunAsync(data.Path, "import", "irc", logs, "--server", "Tea");
        Assert.Contains($"{messages:N0} messages", output, StringComparison.Ordinal);
        Assert.Contains($"{renames:N0} changes of nick", output, StringComparison.Ordinal);
        Assert.Contains("Nothing new.", await Commands.Cli.RunAsync(data.Path, "import", "irc", logs, "--server", "Tea"), StringComparison.Ordinal);

        await using var view = await View.Open(data);
        var total = Counted().Matches(output).Take(4).Sum(m => int.Parse(m.Value.Replace(",", "", StringComparison.Ordinal)));
        Assert.Equal(total, await Browse(view));
        await Count(view, total);
        await Search(view, lines);
    }

    /// <summary>Pages through all of it, back in time; ids and times both descend.</summary>
    static async Task<int> Browse(View view)
    {
        // Without ApiClient, which has every reply checked: two thousand of this kind tell no more than one.
        using var http = new HttpClient { BaseAddress = view.Host.Address, DefaultRequestHeaders = { { "Authorization", view.Api.Token } } };
        var (count, before, time) = (0, "9223372036854775807", DateTimeOffset.MaxValue);
        while (true)
        {
            var page = (await http.GetFromJsonAsync<JsonElement>($"/api/v10/channels/{view.Channel}/messages?limit=100&before={before}")).Items();
            if (page.Count == 0) return count;
            count += page.Count;
            before = page[^1].Str("id")!;
            foreach (var message in page)
            {
                var written = message.GetProperty("timestamp").GetDateTimeOffset();
                Assert.True(written <= time, $"{message} is dated after its successor, {time}.");
                time = written;
            }
        }
    }

    /// <summary>For who was addressed most, what is unread is all that others wrote, and the mentions are as many as search finds.</summary>
    static async Task Count(View view, int total)
    {
        var someone = view.Host.As((await Commands.Cli.RunAsync(view.Host.Data, "user", "token", "seveas")).Trim());
        var me = (await someone.Get("/users/@me")).Ok().Id<UserId>();
        var own = (await view.Api.Get($"/guilds/{view.Guild}/messages/search?author_id={me}")).Ok().Int("total_results");
        var mentions = (await view.Api.Get($"/guilds/{view.Guild}/messages/search?mentions={me}")).Ok().Int("total_results");
        var unread = (await someone.Get($"/channels/{view.Channel}/unread")).Ok();
        Assert.InRange(mentions, 1, total);
        Assert.Equal(mentions, unread.Int("mention_count"));
        Assert.Equal(total - own, unread.Int("unread_count"));
    }

    static async Task Search(View view, string[] lines)
    {
        var expected = lines.Count(l => !Passage().IsMatch(l) && Word().IsMatch(l[(Message().IsMatch(l) ? l.IndexOf('>') + 1 : 0)..]));
        Assert.InRange(expected, 1, lines.Length);
        Assert.Equal(expected, (await view.Api.Get($"/guilds/{view.Guild}/messages/search?content=%22synaptic%22")).Ok().Int("total_results"));
    }

    [GeneratedRegex(@"^\[\d\d:\d\d\] <[^>]+>")]
    private static partial Regex Message();

    [GeneratedRegex(@"^=== .* has (joined|left) #")]
    private static partial Regex Passage();

    [GeneratedRegex(@"\b[\d,]+(?= (?:messages|actions|changes|topics))")]
    private static partial Regex Counted();

    [GeneratedRegex(@"(?<![A-Za-z0-9])synaptic(?![A-Za-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}

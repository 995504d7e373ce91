using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Messages;

public sealed class SearchTests(KithHost host)
{
    static async Task<IReadOnlyList<string>> Search(TestUser user, GuildId guild, string query) =>
        [.. (await user.Api.Get($"/guilds/{guild}/messages/search?{query}")).Ok(200).Items("messages").Select(hit => hit[0].Str("content")!)];

    [Theory]
    [InlineData("quick", new[] { "The quick brown fox" })]
    [InlineData("QUICK fox", new[] { "The quick brown fox" })]
    [InlineData("qui", new[] { "The quick brown fox" })]
    [InlineData("\"brown fox\"", new[] { "The quick brown fox" })]
    [InlineData("\"fox brown\"", new string[0])]
    [InlineData("caf%C3%A9", new[] { "at the cafe" })]
    [InlineData("%E4%B8%96%E7%95%8C", new[] { "你好世界和平" })]
    [InlineData("%E5%A5%BD%E4%B8%96", new[] { "你好世界和平" })]
    [InlineData("%E4%B8%96%E5%A5%BD", new string[0])]
    [InlineData("%E3%81%AB%E3%81%A1", new[] { "こんにちは" })]
    [InlineData("nothing", new string[0])]
    public async Task Words_phrases_beginnings_and_runs_of_unspaced_script_are_found(string content, string[] expected)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        foreach (var text in new[] { "The quick brown fox", "at the cafe", "你好世界和平", "こんにちは" })
            await owner.Send(guild.General, text);
        Assert.Equal(expected, await Search(owner, guild.Id, $"content={content}"));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("* OR NOT NEAR(")]
    [InlineData("a\" OR words : \"b")]
    [InlineData("scope : c1")]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("^(){}[]:-+")]
    [InlineData("\0")]
    public async Task Operators_of_the_index_and_of_sql_are_only_text(string content)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        await owner.Send(guild.General, "something else");
        Assert.Empty(await Search(owner, guild.Id, $"content={Uri.EscapeDataString(content)}"));
        Assert.Single(await Search(owner, guild.Id, "content=something"));
    }

    [Fact]
    public async Task Filters_narrow_what_is_found()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var second = await users[0].CreateChannel(guild.Id, "second");
        var first = (await users[0].Send(guild.General, "apple one")).Id<MessageId>();
        await users[1].Send(guild.General, $"apple two {users[0].Mention}");
        await users[1].Send(second, "apple three https://example.org/");
        Assert.Equal(["apple three https://example.org/", $"apple two {users[0].Mention}", "apple one"], await Search(users[0], guild.Id, "content=apple"));
        Assert.Equal(["apple one"], await Search(users[0], guild.Id, $"content=apple&author_id={users[0].Id}"));
        Assert.Equal(["apple three https://example.org/"], await Search(users[0], guild.Id, $"content=apple&channel_id={second}"));
        Assert.Equal([$"apple two {users[0].Mention}"], await Search(users[0], guild.Id, $"mentions={users[0].Id}"));
        Assert.Equal(["apple three https://example.org/"], await Search(users[0], guild.Id, "has=link"));
        Assert.Equal(["apple one"], await Search(users[0], guild.Id, $"content=apple&max_id={first.Value + 1}"));
        Assert.Equal(["apple one"], await Search(users[0], guild.Id, "content=apple&sort_order=asc&limit=1"));
        Assert.Equal(["apple one"], await Search(users[0], guild.Id, "content=apple&offset=2"));
        Assert.Equal(3, (await users[0].Api.Get($"/guilds/{guild.Id}/messages/search?content=apple&limit=1")).Ok().Int("total_results"));
    }

    [Fact]
    public async Task An_edit_and_a_deletion_are_found_as_they_are_now()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var id = (await owner.Send(guild.General, "before")).Str("id");
        Assert.Single(await Search(owner, guild.Id, "content=before"));
        (await owner.Api.Patch($"/channels/{guild.General}/messages/{id}", new { content = "after" })).Ok();
        Assert.Empty(await Search(owner, guild.Id, "content=before"));
        Assert.Single(await Search(owner, guild.Id, "content=after"));
        (await owner.Api.Delete($"/channels/{guild.General}/messages/{id}")).Ok(204);
        Assert.Empty(await Search(owner, guild.Id, "content=after"));
    }

    [Fact]
    public async Task Hidden_channels_are_not_searched()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await users[0].Send(guild.General, "secret plan");
        Assert.Single(await Search(users[1], guild.Id, "content=secret"));
        (await users[0].Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny = ((ulong)Permissions.ViewChannel).ToString() })).Ok(204);
        Assert.Empty(await Search(users[1], guild.Id, "content=secret"));
        Assert.Empty(await Search(users[1], guild.Id, $"content=secret&channel_id={guild.General}"));
        Assert.Single(await Search(users[0], guild.Id, "content=secret"));
    }

    [Theory]
    [InlineData("limit=26", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("offset=9976", "offset")]
    [InlineData("author_id=x", "author_id")]
    [InlineData("has=everything", "has")]
    public async Task Values_out_of_bounds_are_refused(string query, string field)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Get($"/guilds/{guild.Id}/messages/search?{query}")).RefusedField(field);
    }
}

using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Messages;

public sealed class ReactionsAndPinsTests(KithHost host)
{
    const string ThumbsUp = "%F0%9F%91%8D";

    async Task<(TestGuild Guild, TestUser Owner, TestUser Member, string Message)> ScenarioAsync()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        return (guild, users[0], users[1], (await users[1].Send(guild.General, "look")).Str("id")!);
    }

    [Fact]
    public async Task Reactions_are_counted_per_emoji_and_show_which_are_mine()
    {
        var (guild, owner, member, message) = await ScenarioAsync();
        var at = $"/channels/{guild.General}/messages/{message}";
        (await owner.Api.Put($"{at}/reactions/{ThumbsUp}/@me")).Ok(204);
        (await owner.Api.Put($"{at}/reactions/{ThumbsUp}/@me")).Ok(204);
        (await member.Api.Put($"{at}/reactions/{ThumbsUp}/@me")).Ok(204);
        (await member.Api.Put($"{at}/reactions/%F0%9F%8E%89/@me")).Ok(204);
        var reactions = (await owner.Api.Get(at)).Ok().Items("reactions");
        Assert.Equal([("👍", 2, true), ("🎉", 1, false)], reactions.Select(r => (r.GetProperty("emoji").Str("name"), r.Int("count"), r.Bool("me"))));
        Assert.Equal(new[] { owner.Id, member.Id }.OrderBy(u => u.Value), (await owner.Api.Get($"{at}/reactions/{ThumbsUp}")).Ok().Items().Ids<UserId>().OrderBy(u => u.Value));
        (await owner.Api.Delete($"{at}/reactions/{ThumbsUp}/@me")).Ok(204);
        (await member.Api.Delete($"{at}/reactions/{ThumbsUp}/{owner.Id}")).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Delete($"{at}/reactions/{ThumbsUp}/{member.Id}")).Ok(204);
        (await owner.Api.Delete($"{at}/reactions")).Ok(204);
        Assert.False((await owner.Api.Get(at)).Ok().TryGetProperty("reactions", out _));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("name:notanumber")]
    [InlineData("%20")]
    [InlineData("1")]
    public async Task What_is_no_emoji_is_refused(string emoji)
    {
        var (guild, owner, _, message) = await ScenarioAsync();
        (await owner.Api.Put($"/channels/{guild.General}/messages/{message}/reactions/{emoji}/@me")).Refused(ErrorCode.UnknownEmoji);
    }

    [Fact]
    public async Task The_twenty_first_kind_of_reaction_is_refused()
    {
        var (guild, owner, _, message) = await ScenarioAsync();
        for (var i = 1; i <= 20; i++)
            (await owner.Api.Put($"/channels/{guild.General}/messages/{message}/reactions/emoji:{i}/@me")).Ok(204);
        (await owner.Api.Put($"/channels/{guild.General}/messages/{message}/reactions/emoji:21/@me")).Refused(ErrorCode.MaxReactions);
    }

    [Fact]
    public async Task A_pinned_message_is_listed_at_both_paths_and_announced_in_the_channel()
    {
        var (guild, owner, member, message) = await ScenarioAsync();
        (await member.Api.Put($"/channels/{guild.General}/messages/pins/{message}")).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Put($"/channels/{guild.General}/messages/pins/{message}")).Ok(204);
        (await owner.Api.Put($"/channels/{guild.General}/pins/{message}")).Ok(204);
        var items = (await member.Api.Get($"/channels/{guild.General}/messages/pins")).Ok().Items("items");
        Assert.Equal(message, Assert.Single(items).GetProperty("message").Str("id"));
        Assert.Equal(message, Assert.Single((await member.Api.Get($"/channels/{guild.General}/pins")).Ok().Items()).Str("id"));
        var newest = (await member.Api.Get($"/channels/{guild.General}/messages?limit=1")).Ok().Items()[0];
        Assert.Equal((6, message), (newest.Int("type"), newest.GetProperty("message_reference").Str("message_id")));
        Assert.True((await member.Api.Get($"/channels/{guild.General}/messages/{message}")).Ok().Bool("pinned"));
        (await owner.Api.Delete($"/channels/{guild.General}/messages/pins/{message}")).Ok(204);
        Assert.Empty((await member.Api.Get($"/channels/{guild.General}/messages/pins")).Ok().Items("items"));
        (await owner.Api.Delete($"/channels/{guild.General}/messages/pins/{message}")).Refused(ErrorCode.UnknownMessage);
    }
}

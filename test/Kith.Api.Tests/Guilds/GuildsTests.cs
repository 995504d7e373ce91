using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class GuildsTests(KithHost host)
{
    [Fact]
    public async Task A_new_guild_has_everyone_and_general_and_its_owner()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild("  Gophers ");

        var json = (await owner.Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok();
        Assert.Equal("Gophers", json.Str("name"));
        Assert.Equal(owner.Id, json.Id<UserId>("owner_id"));
        Assert.Equal(guild.General, json.Id<ChannelId>("system_channel_id"));
        Assert.Equal(1, json.Int("approximate_member_count"));
        var role = Assert.Single(json.Items("roles"));
        Assert.Equal("@everyone", role.Str("name"));
        Assert.Equal(((ulong)Permissions.DefaultEveryone).ToString(), role.Str("permissions"));
        var channel = Assert.Single((await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items());
        Assert.Equal("general", channel.Str("name"));
    }

    [Fact]
    public async Task A_guild_is_joined_by_invite_once()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        var invite = await users[0].CreateInvite(guild.General);

        Assert.True((await users[1].Api.Post($"/invites/{invite}")).Ok(200).Bool("new_member"));
        Assert.False((await users[1].Api.Post($"/invites/{invite}")).Ok(200).Bool("new_member"));
        Assert.Equal(2, (await users[1].Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok().Int("approximate_member_count"));
    }

    [Fact]
    public async Task A_guild_that_one_is_not_in_answers_as_one_that_does_not_exist()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();

        var foreign = (await users[1].Api.Get($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
        var absent = (await users[1].Api.Get("/guilds/1")).Refused(ErrorCode.UnknownGuild);
        Assert.Equal(absent.ToString(), foreign.ToString());
        (await users[1].Api.Get($"/channels/{guild.General}")).Refused(ErrorCode.UnknownChannel);
        (await users[1].Api.Get("/guilds/banana")).RefusedField("guild_id");
    }
}

using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class OverwritesTests(KithHost host)
{
    const string View = "1024", Send = "2048", ManageRoles = "268435456", ManageChannels = "16", Administrator = "8";

    [Fact]
    public async Task A_hidden_channel_answers_as_one_that_does_not_exist()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var hidden = await users[0].CreateChannel(guild.Id, "hidden", new { permission_overwrites = new[] { new { id = guild.Everyone, deny = View } } });
        var message = (await users[0].Send(hidden, "secret")).Id<MessageId>();
        var member = users[1].Api;
        foreach (var path in new[] { "", "/messages", $"/messages/{message}", "/invites", "/pins", "/messages/pins" })
        {
            var unseen = (await member.Get($"/channels/{hidden}{path}")).Refused(ErrorCode.UnknownChannel);
            Assert.Equal((await member.Get($"/channels/1{path}")).Refused(ErrorCode.UnknownChannel).ToString(), unseen.ToString());
        }

        (await member.Patch($"/channels/{hidden}", new { name = "x" })).Refused(ErrorCode.UnknownChannel);
        (await member.Delete($"/channels/{hidden}")).Refused(ErrorCode.UnknownChannel);
        (await member.Put($"/channels/{hidden}/permissions/{users[1].Id}", new { type = 1, allow = View })).Refused(ErrorCode.UnknownChannel);
        (await member.Post($"/channels/{hidden}/invites")).Refused(ErrorCode.UnknownChannel);
        Assert.DoesNotContain((await member.Get($"/guilds/{guild.Id}/channels")).Ok().Items(), c => c.Id<ChannelId>() == hidden);
    }

    [Fact]
    public async Task Setting_and_removing_an_overwrite_shows_and_hides_the_channel_at_once()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var probe = await GatewayProbe.Login(users[1]);
        var path = $"/channels/{guild.General}/permissions/{users[1].Id}";
        (await users[0].Api.Put(path, new { type = 1, deny = View })).Ok(204);
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
        (await users[1].Api.Get($"/channels/{guild.General}")).Refused(ErrorCode.UnknownChannel);

        (await users[0].Api.Delete(path)).Ok(204);
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_CREATE")).Id<ChannelId>());
        (await users[1].Api.Get($"/channels/{guild.General}")).Ok();
        (await users[0].Api.Delete(path)).Refused(ErrorCode.UnknownOverwrite);
    }

    [Fact]
    public async Task An_overwrite_replaces_the_one_before_and_denial_wins_over_allowance()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var role = await owner.CreateRole(guild.Id);
        var path = $"/channels/{guild.General}/permissions/{role}";
        (await owner.Api.Put(path, new { type = 0, allow = View })).Ok(204);
        (await owner.Api.Put(path, new { type = 0, allow = "3072", deny = Send })).Ok(204);
        var overwrite = Assert.Single((await owner.Api.Get($"/channels/{guild.General}")).Ok().Items("permission_overwrites"));
        Assert.Equal((View, Send), (overwrite.Str("allow"), overwrite.Str("deny")));
        (await owner.Api.Put($"/channels/{guild.General}/permissions/77", new { type = 0, allow = View })).Refused(ErrorCode.UnknownOverwrite);
        (await owner.Api.Put($"/channels/{guild.General}/permissions/banana", new { type = 0 })).RefusedField("overwrite_id");
        (await owner.Api.Put(path, new { type = 0, allow = "many" })).RefusedField("allow");
    }

    [Fact]
    public async Task One_grants_and_denies_only_what_one_has()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles/{guild.Everyone}", new { permissions = "3072" })).Ok();
        var role = await users[0].CreateRole(guild.Id, "mod", new { permissions = ManageRoles });
        await users[0].GiveRole(guild.Id, users[1].Id, role);
        var path = $"/channels/{guild.General}/permissions/{guild.Everyone}";
        var moderator = users[1].Api;
        (await moderator.Put(path, new { type = 0, deny = Send })).Ok(204);
        (await moderator.Put(path, new { type = 0, allow = ManageChannels })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Put(path, new { type = 0, deny = ManageChannels })).Refused(ErrorCode.MissingPermissions);
        // MANAGE_ROLES itself is for administrators, though one has it.
        (await moderator.Put(path, new { type = 0, allow = ManageRoles })).Refused(ErrorCode.MissingPermissions);

        // What stays as it is needs no permission: the owner's bit may be carried along, not taken away.
        (await users[0].Api.Put(path, new { type = 0, allow = ManageChannels, deny = Send })).Ok(204);
        (await moderator.Put(path, new { type = 0, allow = ManageChannels })).Ok(204);
        (await moderator.Put(path, new { type = 0 })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Delete(path)).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task Who_is_given_manage_roles_by_the_channel_itself_may_set_everything_else_there()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[0].Api.Put($"/channels/{guild.General}/permissions/{users[1].Id}", new { type = 1, allow = ManageRoles })).Ok(204);
        (await users[1].Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, allow = ManageChannels })).Ok(204);
        (await users[1].Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, allow = ManageRoles })).Refused(ErrorCode.MissingPermissions);
        var other = await users[0].CreateChannel(guild.Id, "other");
        (await users[1].Api.Put($"/channels/{other}/permissions/{guild.Everyone}", new { type = 0, deny = Send })).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task A_channel_is_created_only_with_overwrites_of_what_one_has()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "mod", new { permissions = ManageChannels }));
        object Body(string allow) => new { name = "x", permission_overwrites = new[] { new { id = guild.Everyone, type = 0, allow } } };
        (await users[1].Api.Post($"/guilds/{guild.Id}/channels", Body(ManageChannels))).Ok(201);
        (await users[1].Api.Post($"/guilds/{guild.Id}/channels", Body("4"))).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Post($"/guilds/{guild.Id}/channels", Body(ManageRoles))).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Patch($"/channels/{guild.General}", new { permission_overwrites = new[] { new { id = guild.Everyone, type = 0, deny = Send } } })).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Patch($"/channels/{guild.General}", new { permission_overwrites = Array.Empty<object>(), topic = "t" })).Ok();
    }

    [Fact]
    public async Task Overwrites_in_a_request_are_a_hundred_at_most_and_of_known_roles()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        object Many(int count) => new { name = "x", permission_overwrites = Enumerable.Range(1, count).Select(i => new { id = $"{i}", type = 1, allow = View }).ToArray() };
        Assert.Equal(100, (await owner.Api.Post($"/guilds/{guild.Id}/channels", Many(100))).Ok(201).Items("permission_overwrites").Count);
        (await owner.Api.Post($"/guilds/{guild.Id}/channels", Many(101))).RefusedField("permission_overwrites");
        (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", permission_overwrites = new[] { new { id = "5", type = 0 } } })).RefusedField("permission_overwrites.0");
        (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", permission_overwrites = new[] { new { allow = View } } })).RefusedField("permission_overwrites.0.id");
    }

    [Fact]
    public async Task An_administrator_sees_everything_and_may_set_everything()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var hidden = await users[0].CreateChannel(guild.Id, "hidden", new { permission_overwrites = new[] { new { id = guild.Everyone, deny = View } } });
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "admin", new { permissions = Administrator }));
        (await users[1].Api.Get($"/channels/{hidden}")).Ok();
        (await users[1].Api.Put($"/channels/{hidden}/permissions/{guild.Everyone}", new { type = 0, allow = ManageRoles })).Ok(204);
    }

    [Fact]
    public async Task A_permission_to_manage_a_channel_may_come_from_that_channel()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[0].Api.Put($"/channels/{guild.General}/permissions/{users[1].Id}", new { type = 1, allow = ManageChannels })).Ok(204);
        (await users[1].Api.Patch($"/channels/{guild.General}", new { topic = "Mine" })).Ok();
        (await users[1].Api.Post($"/guilds/{guild.Id}/channels", new { name = "x" })).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Delete($"/channels/{guild.General}")).Ok(200);
    }
}

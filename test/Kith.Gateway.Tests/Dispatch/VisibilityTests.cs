using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Dispatch;

public sealed class VisibilityTests(KithHost host) : IClassFixture<KithHost>, IAsyncLifetime
{
    TestUser ann = null!;
    TestUser ben = null!;
    TestGuild guild = null!;
    GatewayProbe probe = null!;

    public async ValueTask InitializeAsync()
    {
        (ann, ben) = (await host.Register(), await host.Register());
        guild = await ann.CreateGuild();
        await guild.Admit(ben);
        probe = await GatewayProbe.Login(ben);
    }

    public ValueTask DisposeAsync() => probe.DisposeAsync();

    [Fact]
    public async Task Hiding_a_channel_from_everyone_takes_it_from_members_and_showing_it_gives_it_back()
    {
        await Overwrite(guild.General, guild.Everyone.Value, 0, deny: Permissions.ViewChannel);
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
        await ann.Send(guild.General, "hidden");
        await Overwrite(guild.General, guild.Everyone.Value, 0);
        var shown = await probe.Next("CHANNEL_CREATE");
        Assert.Equal(guild.General, shown.Id<ChannelId>());
        Assert.NotNull(shown.Str("last_message_id"));
        await ann.Send(guild.General, "shown");
        Assert.Equal("shown", (await probe.Next("MESSAGE_CREATE")).Str("content"));
        probe.AssertNone("MESSAGE_CREATE", m => m.Str("content") == "hidden");
        var marks = await probe.Wait("CHANNEL_UNREAD_UPDATE", u => u.Str("guild_id") == guild.Id.ToString());
        Assert.Contains(guild.General, marks.Data.Items("channel_unread_updates").Ids<ChannelId>());
    }

    [Fact]
    public async Task A_hidden_channel_is_in_no_event_and_not_in_the_guild()
    {
        var secret = await ann.CreateChannel(guild.Id, "secret", new
        {
            permission_overwrites = new[] { new { id = guild.Everyone, type = 0, allow = "0", deny = ((ulong)Permissions.ViewChannel).ToString() } },
        });
        await ann.Send(secret, "among us");
        (await ann.Api.Patch($"/channels/{secret}", new { topic = "hush" })).Ok();
        (await ann.Api.Delete($"/channels/{secret}")).Ok();
        await ann.Send(guild.General, "after");
        await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "after");
        foreach (var name in (string[])["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"])
            probe.AssertNone(name);
        probe.AssertNone("MESSAGE_CREATE", m => m.Str("channel_id") == secret.ToString());

        var still = await ann.CreateChannel(guild.Id, "still", new
        {
            permission_overwrites = new[] { new { id = guild.Everyone, type = 0, allow = "0", deny = ((ulong)Permissions.ViewChannel).ToString() } },
        });
        await using var later = await GatewayProbe.Login(ben);
        Assert.DoesNotContain(still, (await later.Wait("GUILD_CREATE")).Data.Items("channels").Ids<ChannelId>());
    }

    [Fact]
    public async Task A_role_opens_a_channel_and_its_loss_closes_it()
    {
        var role = await ann.CreateRole(guild.Id, "insiders");
        var inside = await ann.CreateChannel(guild.Id, "inside", new
        {
            permission_overwrites = new[]
            {
                new { id = guild.Everyone.Value.ToString(), type = 0, allow = "0", deny = ((ulong)Permissions.ViewChannel).ToString() },
                new { id = role.Value.ToString(), type = 0, allow = ((ulong)Permissions.ViewChannel).ToString(), deny = "0" },
            },
        });
        await ann.GiveRole(guild.Id, ben.Id, role);
        Assert.Equal(inside, (await probe.Next("CHANNEL_CREATE")).Id<ChannelId>());
        await ann.Send(inside, "hello insiders");
        Assert.Equal("hello insiders", (await probe.Next("MESSAGE_CREATE", m => m.Str("channel_id") == inside.ToString())).Str("content"));

        (await ann.Api.Delete($"/guilds/{guild.Id}/members/{ben.Id}/roles/{role}")).Ok(204);
        await ann.Send(inside, "without ben");
        Assert.Equal(inside, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
        await ann.Send(guild.General, "end");
        await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "end");
        probe.AssertNone("MESSAGE_CREATE", m => m.Str("content") == "without ben");
    }

    [Fact]
    public async Task An_overwrite_for_one_member_concerns_that_one_only()
    {
        var eve = await host.Register();
        await guild.Admit(eve);
        await using var other = await GatewayProbe.Login(eve);
        await Overwrite(guild.General, ben.Id.Value, 1, deny: Permissions.ViewChannel);
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
        await ann.Send(guild.General, "not for ben");
        Assert.Equal("not for ben", (await other.Next("MESSAGE_CREATE")).Str("content"));
        other.AssertNone("CHANNEL_DELETE");

        (await ann.Api.Delete($"/channels/{guild.General}/permissions/{ben.Id}")).Ok(204);
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_CREATE")).Id<ChannelId>());
        await ann.Send(guild.General, "for ben as well");
        Assert.Equal("for ben as well", (await probe.Next("MESSAGE_CREATE", m => m.Str("channel_id") == guild.General.ToString())).Str("content"));
        probe.AssertNone("MESSAGE_CREATE", m => m.Str("content") == "not for ben");
    }

    [Fact]
    public async Task Every_member_of_a_role_is_concerned_by_its_permissions()
    {
        var role = await ann.CreateRole(guild.Id, "seers", new { permissions = ((ulong)Permissions.ViewChannel).ToString() });
        await ann.GiveRole(guild.Id, ben.Id, role);
        (await ann.Api.Patch($"/guilds/{guild.Id}/roles/{guild.Everyone}", new { permissions = "0" })).Ok();
        await ann.Send(guild.General, "still there");
        await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "still there");

        (await ann.Api.Patch($"/guilds/{guild.Id}/roles/{role}", new { permissions = "0" })).Ok();
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
    }

    [Fact]
    public async Task A_deleted_channel_is_announced_once_to_who_saw_it()
    {
        var channel = await ann.CreateChannel(guild.Id, "short-lived");
        await probe.Next("CHANNEL_CREATE", c => c.Id<ChannelId>() == channel);
        (await ann.Api.Delete($"/channels/{channel}")).Ok();
        await probe.Next("CHANNEL_DELETE", c => c.Id<ChannelId>() == channel);
        await probe.Heartbeat();
        Assert.Single(probe.Events, e => e.Name == "CHANNEL_DELETE");
        Assert.Single(probe.Events, e => e.Name == "CHANNEL_CREATE");
    }

    [Fact]
    public async Task What_only_moderators_may_know_reaches_them_only()
    {
        var eve = await host.Register();
        await guild.Admit(eve);
        await using var owner = await GatewayProbe.Login(ann);
        (await ann.Api.Put($"/guilds/{guild.Id}/bans/{eve.Id}", new { })).Ok(204);
        await owner.Next("GUILD_BAN_ADD");
        await owner.Next("GUILD_AUDIT_LOG_ENTRY_CREATE");
        await probe.Next("GUILD_MEMBER_REMOVE");
        await ann.Send(guild.General, "end");
        await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "end");
        probe.AssertNone("GUILD_BAN_ADD");
        probe.AssertNone("GUILD_AUDIT_LOG_ENTRY_CREATE");
    }

    async Task Overwrite(ChannelId channel, long id, int type, Permissions allow = Permissions.None, Permissions deny = Permissions.None) =>
        (await ann.Api.Put($"/channels/{channel}/permissions/{id}", new { type, allow = ((ulong)allow).ToString(), deny = ((ulong)deny).ToString() })).Ok(204);
}

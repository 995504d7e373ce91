using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class IdentifyTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task A_person_gets_ready_and_each_guild()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        await using var probe = await GatewayProbe.Login(ann);

        var ready = probe.Ready;
        Assert.Equal(ann.Id, ready.GetProperty("user").Id<UserId>());
        Assert.Equal([guild.Id], ready.Items("guilds").Ids<GuildId>());
        Assert.All(ready.Items("guilds"), g => Assert.True(g.Bool("unavailable")));
        Assert.Equal(10, ready.Int("v"));
        foreach (var field in (string[])["user", "guilds", "private_channels", "application", "session_id", "resume_gateway_url", "read_state", "users"])
            Assert.True(ready.TryGetProperty(field, out _), field);
        var create = (await probe.Wait("GUILD_CREATE")).Data;
        Assert.False(create.Bool("unavailable"));
        Assert.Equal([guild.General], create.Items("channels").Ids<ChannelId>());
        Assert.Equal([ann.Id], create.Items("members").Select(m => m.GetProperty("user").Id<UserId>()));
        Assert.Equal([guild.Everyone], create.Items("roles").Ids<RoleId>());
    }

    [Fact]
    public async Task A_message_reaches_the_members_of_its_guild()
    {
        var (ann, ben, eve) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await using var eveProbe = await GatewayProbe.Login(eve);

        var sent = await ann.Send(guild.General, "hello");

        foreach (var probe in (GatewayProbe[])[annProbe, benProbe])
        {
            var message = await probe.Next("MESSAGE_CREATE");
            Assert.Equal(sent.Str("id"), message.Str("id"));
            Assert.Equal("hello", message.Str("content"));
        }

        var dm = await ann.OpenDm(eve.Id);
        await ann.Send(dm, "psst");
        Assert.Equal("psst", (await eveProbe.Next("MESSAGE_CREATE")).Str("content"));
        eveProbe.AssertNone("MESSAGE_CREATE", m => m.Str("content") == "hello");
    }
}

using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class RevocationTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task Logging_out_closes_the_sockets_of_that_login_with_4004_and_no_others()
    {
        var ann = await host.Register();
        var other = await LogIn(ann);
        await using var mine = await GatewayProbe.Login(ann);
        await using var elsewhere = await GatewayProbe.Login(other);
        (await ann.Api.Post("/auth/logout")).Ok(204);
        Assert.Equal((int)GatewayCloseCode.AuthenticationFailed, (await mine.Closed()).Code);
        await elsewhere.Heartbeat();
    }

    [Fact]
    public async Task A_revoked_session_cannot_be_resumed()
    {
        var ann = await host.Register();
        var other = await LogIn(ann);
        await using var lost = await GatewayProbe.Login(ann);
        lost.Abort();
        (await ann.Api.Post("/auth/logout")).Ok(204);
        await using var same = await GatewayProbe.Connect(host.Address);
        await same.Resume(ann.Token, lost.SessionId, lost.LastSequence!.Value);
        Assert.Equal((int)GatewayCloseCode.AuthenticationFailed, (await same.Closed()).Code);
        await using var others = await GatewayProbe.Connect(host.Address);
        await others.Resume(other.Token, lost.SessionId, lost.LastSequence!.Value);
        Assert.False((await others.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
    }

    [Fact]
    public async Task A_new_password_closes_all_other_sessions()
    {
        var ann = await host.Register();
        var other = await LogIn(ann);
        await using var mine = await GatewayProbe.Login(ann);
        await using var elsewhere = await GatewayProbe.Login(other);
        (await ann.Api.Patch("/users/@me", new { password = TestUser.Password, new_password = "another correct horse" })).Ok();
        Assert.Equal((int)GatewayCloseCode.AuthenticationFailed, (await elsewhere.Closed()).Code);
        Assert.Equal((int)GatewayCloseCode.AuthenticationFailed, (await mine.Closed()).Code);
    }

    [Fact]
    public async Task A_bots_new_token_closes_the_sockets_of_the_old()
    {
        var ann = await host.Register();
        var bot = await ann.CreateBot();
        await using var probe = await GatewayProbe.Login(bot, Intents.Guilds);
        (await ann.Api.Post($"/applications/{bot.Id}/bot/reset")).Ok();
        Assert.Equal((int)GatewayCloseCode.AuthenticationFailed, (await probe.Closed()).Code);
    }

    static async Task<TestUser> LogIn(TestUser user)
    {
        var token = (await user.Api.With(null).Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok().Str("token")!;
        return user with { Token = token, Api = user.Api.With(token) };
    }
}

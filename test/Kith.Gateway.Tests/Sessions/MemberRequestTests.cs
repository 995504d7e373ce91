using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Accounts;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Gateway.Tests.Sessions;

public sealed class MemberRequestTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task Members_are_found_by_id_and_those_who_are_none_are_named()
    {
        var (ann, ben, eve) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var probe = await GatewayProbe.Login(ann);
        await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, user_ids = new[] { ben.Id, eve.Id }, presences = true, nonce = "n1" });
        var chunk = await probe.Next("GUILD_MEMBERS_CHUNK");
        Assert.Equal([ben.Id], Users(chunk));
        Assert.Equal([eve.Id.ToString()], chunk.Items("not_found").Select(i => i.GetString()!));
        Assert.Equal(("n1", 0, 1), (chunk.Str("nonce"), chunk.Int("chunk_index"), chunk.Int("chunk_count")));
        Assert.Empty(chunk.Items("presences"));

        // A single id needs no array; a nonce of more than 32 bytes is dropped.
        await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, user_ids = ann.Id, presences = true, nonce = new string('n', 33) });
        chunk = await probe.Next("GUILD_MEMBERS_CHUNK");
        Assert.Equal([ann.Id], Users(chunk));
        Assert.Equal("online", Assert.Single(chunk.Items("presences")).Str("status"));
        Assert.Null(chunk.Str("nonce"));
    }

    [Fact]
    public async Task Members_are_found_by_the_beginning_of_their_names()
    {
        var (ann, one, two, three) = (await host.Register(), await host.Register("xylo.one"), await host.Register("xylo.two"), await host.Register("other.xylo"));
        var guild = await ann.CreateGuild();
        await guild.Admit(one, two, three);
        await using var probe = await GatewayProbe.Login(ann);
        await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, query = "XYLO", limit = 10 });
        Assert.Equal([one.Id, two.Id], Users(await probe.Next("GUILD_MEMBERS_CHUNK")));
        await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, query = "xylo", limit = 1 });
        Assert.Single(Users(await probe.Next("GUILD_MEMBERS_CHUNK")));
    }

    [Fact]
    public async Task A_whole_guild_comes_in_chunks_of_a_thousand_to_bots_with_the_intent_only()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        var bot = await ann.CreateBot();
        await guild.AddBot(bot.Id);
        await Fill(guild.Id, 2500);
        await using var allowed = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildMembers);
        await using var modest = await GatewayProbe.Login(bot, Intents.Guilds);
        foreach (var probe in (GatewayProbe[])[allowed, modest])
            await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, query = "", limit = 0, nonce = "all" });

        var seen = new HashSet<UserId>();
        for (var i = 0; i < 3; i++)
        {
            var chunk = await allowed.Next("GUILD_MEMBERS_CHUNK");
            Assert.Equal((i, 3, "all"), (chunk.Int("chunk_index"), chunk.Int("chunk_count"), chunk.Str("nonce")));
            Assert.InRange(Users(chunk).Length, 1, 1000);
            seen.UnionWith(Users(chunk));
        }

        Assert.Equal(2502, seen.Count);
        Assert.Empty(Users(await modest.Next("GUILD_MEMBERS_CHUNK")));
    }

    [Fact]
    public async Task A_large_guild_comes_with_no_other_member()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await Fill(guild.Id, 100);
        await using var benProbe = await GatewayProbe.Login(ben);
        await using var probe = await GatewayProbe.Login(ann);
        var create = (await probe.Wait("GUILD_CREATE")).Data;
        Assert.True(create.Bool("large"));
        Assert.Equal(102, create.Int("member_count"));
        Assert.Equal([ann.Id], Users(create));

        await using var patient = await GatewayProbe.Connect(host.Address);
        await patient.Identify(ann.Token, largeThreshold: 250);
        await patient.WaitReady();
        create = (await patient.Wait("GUILD_CREATE")).Data;
        Assert.False(create.Bool("large"));
        Assert.Equal(102, Users(create).Length);
    }

    [Fact]
    public async Task Nothing_is_told_of_guilds_one_is_not_in()
    {
        var (ann, eve) = (await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await using var probe = await GatewayProbe.Login(eve);
        await probe.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild.Id, query = "", limit = 0 });
        await eve.OpenDm(ann.Id);
        await probe.Next("CHANNEL_CREATE");
        await probe.Heartbeat();
        probe.AssertNone("GUILD_MEMBERS_CHUNK");
    }

    static UserId[] Users(System.Text.Json.JsonElement payload) => [.. payload.Items("members").Select(m => m.GetProperty("user").Id<UserId>())];

    /// <summary>Members that exist in the stores alone: quicker than so many registrations.</summary>
    async Task Fill(GuildId guild, int count)
    {
        var ids = host.Services.GetRequiredService<SnowflakeGenerator>();
        var users = Enumerable.Range(0, count).Select(_ => new UserId(ids.Next())).ToArray();
        await host.Services.GetRequiredService<ICredentialStore>().CreateManyAsync(
            [.. users.Select(u => new NewAccount(new UserRecord { Id = u, Username = $"filler{u}" }, null))], default);
        await host.Services.GetRequiredService<IMemberStore>().AddManyAsync(
            [.. users.Select(u => new MemberRecord { GuildId = guild, UserId = u, JoinedAt = DateTimeOffset.UtcNow })], default);
        await host.Services.GetRequiredService<MemberCounts>().ChangedAsync(guild, default);
    }
}

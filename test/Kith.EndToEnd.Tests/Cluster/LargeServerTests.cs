using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

[Collection(SharedCluster.Name)]
public sealed class LargeServerTests(ClusterFixture fixture)
{
    const int Members = 2000;
    const int Online = 60;
    const int Messages = 10;

    readonly KithCluster cluster = fixture.Cluster;

    [Fact]
    public async Task A_server_of_two_thousand_lives_on_two_gateways()
    {
        var (owner, last) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        var guild = await owner.CreateGuild();
        var bot = await owner.CreateBot();
        await guild.AddBot(bot.Id, Permissions.ViewChannel);
        var members = await cluster.AddMembersAsync(guild.Id, Members - 3);
        // Who joins by the API is announced, with whatever the processes knew of the server before.
        await guild.Admit(last);
        var sockets = await Task.WhenAll(members.Take(Online).Select((member, i) => fixture.Login(member, gateway: i % 2)));
        foreach (var socket in sockets)
        {
            var shown = socket.Events.Single(e => e.Name == "GUILD_CREATE").Data;
            Assert.Equal((Members, true), (shown.Int("member_count"), shown.GetProperty("large").GetBoolean()));
        }

        List<string> sent = [];
        for (var n = 0; n < Messages; n++)
            sent.Add((await fixture.On(owner, api: n % 2).Send(guild.General, n switch { 3 => "@everyone", 5 => $"hello {members[^1].Mention}", _ => $"{n}" })).Str("id")!);
        foreach (var socket in sockets)
        {
            await socket.Wait("MESSAGE_CREATE", m => m.Str("id") == sent[^1]);
            Assert.Equal(sent, socket.Events.Where(e => e.Name == "MESSAGE_CREATE" && e.Data.Int("type") == 0).Select(e => e.Data.Str("id")));
            await socket.DisposeAsync();
        }

        // One was online, one was not and was named.
        await CountsAsync(members[0], guild.General, mentions: 1);
        await CountsAsync(members[^1], guild.General, mentions: 2);
        foreach (var gateway in (int[])[0, 1])
            await AllMembersAsync(bot, guild.Id, gateway, [owner.Id, bot.Id, last.Id, .. members.Select(m => m.Id)]);
    }

    /// <summary>What both api nodes count is what history shows since the member was last up to date.</summary>
    async Task CountsAsync(TestUser member, ChannelId channel, int mentions)
    {
        foreach (var api in (int[])[0, 1])
        {
            var user = fixture.On(member, api);
            var unread = (await user.Api.Get($"/channels/{channel}/unread")).Ok();
            var since = unread.Str("last_read_message_id") ?? "0";
            var missed = (await user.Api.Get($"/channels/{channel}/messages?limit=100&after={since}")).Ok().Items().Count(m => m.GetProperty("author").Id<UserId>() != member.Id);
            Assert.True(missed >= Messages);
            Assert.Equal((missed, mentions), (unread.Int("unread_count"), unread.Int("mention_count")));
        }
    }

    /// <summary>By the gateway in chunks, and by requests in pages.</summary>
    async Task AllMembersAsync(TestUser bot, GuildId guild, int gateway, IReadOnlyList<UserId> all)
    {
        await using var socket = await GatewayProbe.Connect(cluster.Of("gateway")[gateway].Address);
        await socket.Identify(bot.Token, Intents.Guilds | Intents.GuildMembers);
        await socket.WaitReady();
        await socket.Send(GatewayOpcode.RequestGuildMembers, new { guild_id = guild, query = "", limit = 0 });
        var chunks = new[] { await socket.Next("GUILD_MEMBERS_CHUNK"), await socket.Next("GUILD_MEMBERS_CHUNK") };
        Assert.Equal([(0, 2), (1, 2)], chunks.Select(c => (c.Int("chunk_index"), c.Int("chunk_count"))));
        Assert.Equal(all.OrderBy(id => id.Value), chunks.SelectMany(c => c.Items("members")).Select(m => m.GetProperty("user").Id<UserId>()).OrderBy(id => id.Value));
        List<UserId> listed = [];
        for (var after = default(UserId); listed.Count < all.Count; after = listed[^1])
            listed.AddRange((await fixture.On(bot, api: gateway).Api.Get($"/guilds/{guild}/members?limit=1000&after={after}")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>()));
        Assert.Equal(all.OrderBy(id => id.Value), listed);
    }
}

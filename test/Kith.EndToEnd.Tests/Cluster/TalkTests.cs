using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>People whose sockets and requests are with different processes.</summary>
[Collection(SharedCluster.Name)]
public sealed class TalkTests(ClusterFixture fixture)
{
    readonly KithCluster cluster = fixture.Cluster;

    [Fact]
    public async Task People_on_two_gateways_talk_in_a_server_a_DM_and_a_group()
    {
        var (alice, bob, carol) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        var guild = await alice.CreateGuild();
        await guild.Admit(bob, carol);
        await using var a = await fixture.Login(alice, gateway: 0);
        await using var b = await fixture.Login(bob, gateway: 1);
        await using var c = await fixture.Login(carol, gateway: 1);

        await fixture.On(alice, api: 0).Send(guild.General, $"hello {bob.Mention}");
        var came = await b.Wait("MESSAGE_CREATE", m => m.Str("content")!.StartsWith("hello", StringComparison.Ordinal));
        await c.Wait("MESSAGE_CREATE", m => m.Str("id") == came.Data.Str("id"));
        var unread = (await fixture.On(bob, api: 1).Api.Get($"/channels/{guild.General}/unread")).Ok();
        // The other message is of the system: carol has joined.
        Assert.Equal((2, 1), (unread.Int("unread_count"), unread.Int("mention_count")));

        await fixture.On(bob, api: 1).Ack(guild.General, came.Data.Id<MessageId>());
        await b.Wait("MESSAGE_ACK", m => m.Id<MessageId>("message_id") == came.Data.Id<MessageId>() && m.Int("mention_count") == 0);
        Assert.Equal(0, (await fixture.On(bob, api: 0).Api.Get($"/channels/{guild.General}/unread")).Ok().Int("mention_count"));

        (await fixture.On(carol, api: 1).Api.Post($"/channels/{guild.General}/typing")).Ok(204);
        await a.Wait("TYPING_START", t => t.Str("user_id") == carol.Id.ToString());

        var dm = await fixture.On(bob, api: 0).OpenDm(alice.Id);
        await fixture.On(bob, api: 1).Send(dm, "psst");
        var whisper = await a.Wait("MESSAGE_CREATE", m => m.Str("content") == "psst");
        await a.Heartbeat();
        await b.Wait("CHANNEL_RECEIPT_UPDATE", r => r.Str("delivered_message_id") == whisper.Data.Str("id"));
        await fixture.On(alice, api: 0).Ack(dm, whisper.Data.Id<MessageId>());
        await b.Wait("CHANNEL_RECEIPT_UPDATE", r => r.Str("read_message_id") == whisper.Data.Str("id"));

        var group = await fixture.On(carol, api: 0).OpenGroup(alice.Id, bob.Id);
        await a.Wait("CHANNEL_CREATE", g => g.Id<ChannelId>() == group);
        await b.Wait("CHANNEL_CREATE", g => g.Id<ChannelId>() == group);
        await fixture.On(alice, api: 1).Send(group, "all of us");
        await b.Wait("MESSAGE_CREATE", m => m.Str("content") == "all of us");
        await c.Wait("MESSAGE_CREATE", m => m.Str("content") == "all of us");
    }

    [Fact]
    public async Task What_one_api_node_changes_every_node_knows_at_once()
    {
        var (owner, member) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        var guild = await owner.CreateGuild();
        await guild.Admit(member);
        await using var socket = await fixture.Login(member, gateway: 1);
        for (var round = 0; round < 5; round++)
        {
            // Both nodes have everything in their caches by now.
            foreach (var api in (int[])[0, 1])
                await fixture.On(member, api).Send(guild.General, $"round {round} by {api}");
            await Deny(0, "2048");
            foreach (var api in (int[])[1, 0])
                (await fixture.On(member, api).Api.Post($"/channels/{guild.General}/messages", new { content = "not now" })).Refused(ErrorCode.MissingPermissions);
            await Deny(1, "0");
        }

        (await fixture.On(owner, api: 0).Api.Delete($"/guilds/{guild.Id}/members/{member.Id}")).Ok(204);
        (await fixture.On(member, api: 1).Api.Get($"/channels/{guild.General}/messages")).Refused(ErrorCode.UnknownChannel);
        await socket.Wait("GUILD_DELETE", g => g.Id<GuildId>() == guild.Id);

        async Task Deny(int api, string permissions) =>
            (await fixture.On(owner, api).Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, allow = "0", deny = permissions })).Ok(204);
    }

    [Fact]
    public async Task Presence_crosses_nodes()
    {
        var (alice, bob) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        await alice.Befriend(bob);
        await using var a = await fixture.Login(alice, gateway: 0);
        var from = a.Count;
        var b = await fixture.Login(bob, gateway: 1);
        await a.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == bob.Id && p.Str("status") == "online", from);
        Assert.Equal("online", (await fixture.On(alice, api: 1).Api.Get($"/users/{bob.Id}/presence")).Ok().Str("status"));
        await b.DisposeAsync();
        await a.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == bob.Id && p.Str("status") == "offline", from);
        Assert.NotNull((await fixture.On(alice, api: 0).Api.Get($"/users/{bob.Id}/presence")).Ok().Str("last_seen_at"));
    }
}

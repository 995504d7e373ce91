using System.Text.Json;
using Kith.Domain;
using Kith.Gateway.Transport;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Clients;

/// <summary>Unmodified discord.js against the running server.</summary>
public abstract class DiscordJsSuite(IKithServer host)
{
    const int MessagesPerRound = 9;

    [Fact]
    public async Task A_bot_lives_through_its_day()
    {
        var scene = await BotScene.Create(host);
        await scene.Script("discordjs-conversation.js", scene.Settings(host.Address)).Run();
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("hang")]
    public async Task A_bot_that_loses_its_connection_resumes_without_a_lost_or_doubled_event(string how)
    {
        const int Rounds = 4;
        var scene = await BotScene.Create(host);
        await using var line = host.OpenLine();
        await scene.Script("discordjs-resume.js", scene.Settings(line.Proxy.Address, ("how", how), ("rounds", Rounds), ("perRound", MessagesPerRound)))
            .Do("talkAndCut", args => TalkAndCut(scene, line.Proxy, args.Int("round"), how))
            .Run();
    }

    [Fact]
    public async Task A_bot_in_several_guilds_sees_each_of_them()
    {
        var owner = await host.Register();
        var bot = await owner.CreateBot();
        var guilds = new List<TestGuild>();
        for (var i = 0; i < 5; i++)
        {
            guilds.Add(await owner.CreateGuild($"Guild {i}"));
            await guilds[i].AddBot(bot.Id);
        }

        await new NodeScript("discordjs-guilds.js", new { address = host.Address.GetLeftPart(UriPartial.Authority), token = bot.Token, guilds = guilds.Select(g => g.Id) })
            .Do("say", args => owner.Send(args.Id<ChannelId>("channel"), args.Str("content")!))
            .On("addToNewGuild", _ => AddToNewGuild(owner, bot))
            .Do("rename", async args => (await owner.Api.Patch($"/guilds/{args.Str("guild")}", new { name = args.Str("name") })).Ok())
            .Do("deleteGuild", async args => (await owner.Api.Delete($"/guilds/{args.Str("guild")}")).Ok(204))
            .Run();
    }

    static async Task<object?> AddToNewGuild(TestUser owner, TestUser bot)
    {
        var guild = await owner.CreateGuild("New");
        await guild.AddBot(bot.Id);
        return guild.Id;
    }

    /// <summary>A third before the link is lost, a third while it is, a third as it comes back.</summary>
    static async Task TalkAndCut(BotScene scene, FaultProxy proxy, int round, string how)
    {
        for (var i = 0; i < MessagesPerRound; i++)
        {
            if (i == MessagesPerRound / 3)
            {
                proxy.Refusing = true;
                if (how == "hang") proxy.Hang();
                else proxy.Cut();
            }

            if (i == MessagesPerRound * 2 / 3)
            {
                // The held bytes are lost with the link.
                proxy.Cut();
                proxy.Release();
                proxy.Refusing = false;
            }

            await scene.Member.Send(scene.Guild.General, $"{round}/{i}");
        }
    }
}

/// <summary>Against one process.</summary>
public sealed class DiscordJsTests(KithHost host) : DiscordJsSuite(host)
{
    [Fact]
    public async Task A_bot_that_is_told_to_reconnect_resumes_and_misses_nothing()
    {
        // A host of its own: everyone who is connected to it is asked.
        await using var own = await KithHost.Start();
        var scene = await BotScene.Create(own);
        await scene.Script("discordjs-reconnect.js", scene.Settings(own.Address))
            .Do("reconnect", async _ =>
            {
                await own.Services.GetRequiredService<GatewayTransport>().AskToReconnect(new DrainPlan(), TestContext.Current.CancellationToken);
                await scene.Member.Send(scene.Guild.General, "during");
            })
            .Run();
    }
}

using System.Text.Json;
using Kith.EndToEnd.Tests.Unread;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Push;

/// <summary>Whatever several people did: the badge in a push is what READY's counts add up to.</summary>
public sealed class BadgeTests(ITestOutputHelper output)
{
    const int People = 4;
    const int Steps = 80;

    public static TheoryData<int> Seeds => [11, 12, Environment.TickCount];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_pushs_badge_equals_the_counts_of_a_fresh_ready(int seed)
    {
        await using var scene = await PushScene.Start(host: o => o with { Gateway = o.Gateway with { MaxConcurrency = 10_000 } });
        TestUser[] users;
        await using (var world = await World.Create(scene.Host, People))
        {
            var operations = new Operations(world, new Random(seed));
            await operations.Begin();
            for (var i = 0; i < Steps; i++)
                await operations.Next();
            await world.Settle();
            users = [.. world.People.Select(p => p.User)];
            output.WriteLine($"seed {seed}\n{string.Join('\n', world.Log)}");
        }

        var teller = await scene.Host.Register();
        var total = 0;
        foreach (var user in users)
        {
            using var device = await scene.Device(user);
            await teller.Send(await teller.OpenDm(user.Id), "how much is it?");
            var badge = (await device.Wait(1))[0].Int("badge");
            await using var fresh = await GatewayProbe.Login(user);
            Assert.Equal(Mentions(fresh.Ready), badge);
            total += badge;
        }

        Assert.True(total > People, $"hardly anything was unread: {total}");
    }

    static int Mentions(JsonElement ready) => ready.GetProperty("read_state").Items("entries").Sum(e => e.Int("mention_count"));
}

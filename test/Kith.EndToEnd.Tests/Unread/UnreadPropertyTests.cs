using Kith.Testing;

namespace Kith.EndToEnd.Tests.Unread;

/// <summary>
/// Whatever several people do: the state from READY and the events since equals READY fetched afresh, equals GET /users/@me/unread, and equals what the messages
/// themselves count to; with the counter cache dropped as well.
/// </summary>
public sealed class UnreadPropertyTests(ITestOutputHelper output)
{
    const int People = 4;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, Environment.TickCount];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Events_applied_to_the_state_from_ready_equal_ready_fetched_afresh(int seed)
    {
        await Run(seed, rounds: 10, perRound: 12, atOnce: 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task They_do_so_when_people_act_at_the_same_time(int seed)
    {
        await Run(seed, rounds: 8, perRound: 12, atOnce: 4);
    }

    async Task Run(int seed, int rounds, int perRound, int atOnce)
    {
        await using var host = await KithHost.Start(new KithHostSetup { Options = o => o with { Gateway = o.Gateway with { MaxConcurrency = 10_000 } } });
        await using var world = await World.Create(host, People);
        await Run(world, seed, rounds, perRound, atOnce, output);
    }

    /// <summary>People act, a few at once, and now and then everything is compared.</summary>
    internal static async Task Run(World world, int seed, int rounds, int perRound, int atOnce, ITestOutputHelper output)
    {
        var operations = new Operations(world, new Random(seed));
        await operations.Begin();
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < perRound; i += atOnce)
                    await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => operations.Next()));

                await world.Check();
                world.Note($"round {round} checked");
            }
        }
        catch
        {
            output.WriteLine($"seed {seed}\n{string.Join('\n', world.Log)}");
            throw;
        }
    }
}

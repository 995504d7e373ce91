using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Push;

/// <summary>kill -9 while many are pushed to: each notification comes, and comes twice only where its answer could not have been written.</summary>
public sealed class PushKillTests(ITestOutputHelper output) : IDisposable
{
    const int People = 30;
    const int Channels = 4;
    const int AtOnce = 4;
    const int Rounds = 3;

    static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["KITH__Push__AllowPrivateAddresses"] = "true", ["KITH__Push__Timeout"] = "3s", ["KITH__Push__RequestsPerService"] = $"{AtOnce}",
    };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Killed_again_and_again_it_loses_no_push_and_doubles_only_those_under_way()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var service = await PushService.Start();
        service.Answer((_, _) => Task.Delay(2));
        TestGuild guild;
        ChannelId[] channels;
        PushDevice[] devices;
        await using (var server = await KithProcess.Serve(folder.Path, Settings))
        {
            var users = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => server.Anonymous().Register()));
            devices = await Task.WhenAll(users.Select(u => PushDevice.Subscribe(u, service)));
            guild = await (await server.Anonymous().Register()).CreateGuild();
            await guild.Admit(users);
            channels = [guild.General, .. await Task.WhenAll(Enumerable.Range(1, Channels - 1).Select(i => guild.Owner.CreateChannel(guild.Id, $"channel{i}")))];
            Assert.Equal(0, await server.Terminate());
        }

        for (var round = 0; round < Rounds; round++)
        {
            var before = service.Requests.Count;
            HashSet<MessageId> said = [];
            await using (var server = await KithProcess.Serve(folder.Path, Settings))
            {
                var owner = guild.Owner with { Api = server.As(guild.Owner.Token) };
                foreach (var channel in channels)
                    said.Add((await owner.Send(channel, "@everyone all hands")).Id<MessageId>());
                // At once, before anything was queued, or somewhere within.
                await service.Wait(before + (round == 0 ? 0 : random.Next(1, People * Channels)));
                await server.Kill();
            }

            await using (var server = await KithProcess.Serve(folder.Path, Settings))
            {
                foreach (var device in devices)
                    await Deadline.Until(() => Task.FromResult(Ids(device)), got => said.IsSubsetOf(got), $"every message's push on {device.Path} (seed {seed}, round {round})");
                Assert.Equal(0, await server.Terminate());
            }

            var doubled = devices.Sum(d => Ids(d).Where(said.Contains).GroupBy(id => id).Sum(g => g.Count() - 1));
            output.WriteLine($"round {round}: {doubled} of {People * Channels} doubled");
            Assert.True(doubled <= 4 * AtOnce, $"{doubled} were sent twice (seed {seed})");
        }
    }

    static IReadOnlyList<MessageId> Ids(PushDevice device) => [.. device.Received.Select(p => p.Id<MessageId>("message_id"))];
}

using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>A cluster that pushes from two processes and keeps its files in S3.</summary>
public sealed class PushAndFilesTests : IAsyncLifetime
{
    S3Server s3 = null!;
    PushService service = null!;
    KithCluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        (s3, service) = (await S3Server.Start(), await PushService.Start());
        cluster = await KithCluster.StartAsync(new KithClusterSetup
        {
            Gateways = 1, Deliveries = 1,
            Options = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Push:AllowPrivateAddresses"] = "true",
                ["S3:Bucket"] = S3Server.Bucket, ["S3:Endpoint"] = s3.Endpoint, ["S3:AccessKey"] = S3Server.AccessKey, ["S3:SecretKey"] = S3Server.SecretKey,
            },
        });
        await Task.WhenAll(cluster.AddAsync("notify"), cluster.AddAsync("notify"));
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await service.DisposeAsync();
        await s3.DisposeAsync();
    }

    [Fact]
    public async Task Each_message_is_pushed_once_and_after_a_process_was_killed_by_the_other()
    {
        var bob = await cluster.Anonymous().Register();
        using var device = await PushDevice.Subscribe(bob, service);
        List<(TestUser User, ChannelId Dm)> friends = [];
        for (var i = 0; i < 6; i++)
        {
            var friend = On(await cluster.Anonymous().Register(), api: i);
            friends.Add((friend, await friend.OpenDm(bob.Id)));
        }

        await Task.WhenAll(friends.Select(f => f.User.Send(f.Dm, "before")));
        await device.Wait(friends.Count);
        await SettleAsync();
        Assert.Equal(friends.Select(f => f.Dm.Value).Order(), device.Received.Select(p => p.Id<ChannelId>("channel_id").Value).Order());
        Assert.Equal(6, device.Received.Max(p => p.Int("badge")));

        await cluster.KillAsync(cluster.Of("notify")[0]);
        await Task.WhenAll(friends.Select(f => f.User.Send(f.Dm, "after")));
        await Deadline.Until(
            () => Task.FromResult(device.Received.Where(p => p.Str("body") == "after").Select(p => p.Id<ChannelId>("channel_id")).ToHashSet()), had => had.Count == friends.Count,
            $"all are pushed; {cluster.Output()}", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_file_that_one_process_took_is_delivered_by_the_other_until_its_message_is_deleted()
    {
        var alice = await cluster.Anonymous().Register();
        var guild = await alice.CreateGuild();
        var file = TestFile.Noise("noise.bin", 300_000);
        var message = await On(alice, api: 0).SendFiles(guild.General, file);
        foreach (var api in cluster.Of("api"))
            Assert.Equal(file.Content, (await Kith.Testing.Media.Get(At(api, message.Url()))).Expect(200).Content);
        (await On(alice, api: 1).Api.Delete($"/channels/{guild.General}/messages/{message.Str("id")}")).Ok(204);
        foreach (var api in cluster.Of("api"))
            await Deadline.Until(async () => (await Kith.Testing.Media.Get(At(api, message.Url()))).Status, status => status == 404, "the file is gone");
    }

    TestUser On(TestUser user, int api) => user with { Api = new ApiClient(cluster.Of("api")[api % 2].Address, user.Token) };

    static string At(ClusterNode node, string url) => new Uri(node.Address, new Uri(url).PathAndQuery).ToString();

    /// <summary>Until something is pushed that was said after all that.</summary>
    async Task SettleAsync()
    {
        var (carol, teller) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        using var device = await PushDevice.Subscribe(carol, service);
        await teller.Send(await teller.OpenDm(carol.Id), "settled?");
        await device.Wait(1);
    }
}

using Kith.Domain;
using Kith.Engine.Push;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Push;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Read_on_one_device_it_is_cleared_on_all()
    {
        await using var scene = await PushScene.Start();
        var (user, phone) = await scene.Away();
        using var tablet = await scene.Device(user);
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        var first = (await friend.Send(dm, "one")).Id<MessageId>();
        await phone.Wait(1);
        await tablet.Wait(1);
        await user.Ack(dm, first);
        foreach (var device in new[] { phone, tablet })
        {
            var clear = (await device.Wait(2))[1];
            Assert.Equal(("read", dm, 0), (clear.Str("type"), clear.Id<ChannelId>("channel_id"), clear.Int("badge")));
            var topics = scene.RequestsOf(device).Select(r => r.Headers["Topic"]).Distinct();
            Assert.Single(topics);
        }
    }

    [Fact]
    public async Task While_a_service_is_away_messages_of_a_channel_become_one_push_with_the_newest()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var scene = await PushScene.Start(clock: clock);
        var (user, device) = await scene.Away();
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        scene.Service.Answer(503, ("Retry-After", "120"));
        await friend.Send(dm, "0");
        await Tick(clock, () => scene.Service.Requests.Count == 1);
        await Written(scene, clock);
        MessageId last = default;
        for (var i = 1; i < 5; i++)
            last = (await friend.Send(dm, $"{i}")).Id<MessageId>();
        scene.Service.Answer(null);
        await Deadline.Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return scene.Host.Services.GetRequiredService<IPushBacklogStore>().ProgressAsync(default);
        }, through => through >= last, "all five to be in the one push that waits");
        clock.Advance(TimeSpan.FromSeconds(140));
        await Tick(clock, () => device.Received.Count == 2);
        Assert.Equal(("4", 5), (device.Received[1].Str("body"), device.Received[1].Int("badge")));
    }

    [Fact]
    public async Task What_was_deleted_before_it_could_be_sent_is_not()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var scene = await PushScene.Start(clock: clock);
        var (user, device) = await scene.Away();
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        scene.Service.Answer(500);
        var message = (await friend.Send(dm, "a slip")).Id<MessageId>();
        await Tick(clock, () => scene.Service.Requests.Count == 1);
        (await friend.Api.Delete($"/channels/{dm}/messages/{message}")).Ok(204);
        scene.Service.Answer(null);
        clock.Advance(TimeSpan.FromMinutes(1));
        var counters = scene.Host.Services.GetRequiredService<PushCounters>();
        await Tick(clock, () => counters.Read()[PushKind.Web].Dropped == 1);
        Assert.Single(device.Received);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_device_that_is_gone_is_forgotten(int status)
    {
        await using var scene = await PushScene.Start();
        var (user, device) = await scene.Away();
        scene.Service.Answer(status);
        var friend = await scene.Host.Register();
        await friend.Send(await friend.OpenDm(user.Id), "hello?");
        await Deadline.Until(() => user.Api.Get("/users/@me/push-subscriptions"), reply => reply.Ok().GetArrayLength() == 0, "the subscription to go");
        Assert.Single(scene.RequestsOf(device));
    }

    [Fact]
    public async Task One_that_is_refused_is_dropped_and_the_device_stays()
    {
        await using var scene = await PushScene.Start();
        var (user, device) = await scene.Away();
        scene.Service.Answer(403);
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        await friend.Send(dm, "hello?");
        await device.Wait(1);
        scene.Service.Answer(null);
        await friend.Send(dm, "hello!");
        Assert.Equal("hello!", (await device.Wait(2))[1].Str("body"));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_delays_no_other()
    {
        await using var scene = await PushScene.Start(o => o with { Timeout = TimeSpan.FromSeconds(30), RequestsPerService = 4, Requests = 4 });
        await using var slow = await PushService.Start();
        using var never = new CancellationTokenSource();
        slow.Answer((_, _) => Task.Delay(Timeout.Infinite, never.Token).ContinueWith(_ => { }, TaskScheduler.Default));
        var (user, device) = await scene.Away();
        var friend = await scene.Host.Register();
        // Known as quick from now on; the slow one is not.
        await friend.Send(await friend.OpenDm(user.Id), "quick");
        await device.Wait(1);
        for (var i = 0; i < 6; i++)
        {
            var other = await scene.Host.Register();
            await PushDevice.Subscribe(other, slow);
            await friend.Send(await friend.OpenDm(other.Id), "slow");
        }

        await slow.Wait(2);
        await friend.Send(await friend.OpenDm(user.Id), "still quick");
        Assert.Equal("still quick", (await device.Wait(2))[1].Str("body"));
        Assert.Equal(2, slow.Requests.Count);
        await never.CancelAsync();
    }

    [Fact]
    public async Task Everyone_with_a_role_gets_one_however_many_they_are()
    {
        await using var scene = await PushScene.Start();
        var owner = await scene.Host.Register();
        var guild = await owner.CreateGuild();
        var crew = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => scene.Away()));
        await guild.Admit([.. crew.Select(c => c.User)]);
        var role = await owner.CreateRole(guild.Id, "crew", new { mentionable = true });
        foreach (var (user, _) in crew[..20])
            await owner.GiveRole(guild.Id, user.Id, role);
        (await owner.Api.Patch($"/guilds/{guild.Id}", new { default_message_notifications = 1 })).Ok();
        await owner.Send(guild.General, $"<@&{role}> to the boats");
        await scene.Settle();
        Assert.All(crew[..20], c => Assert.Equal("@crew to the boats", Assert.Single(c.Device.Received).Str("body")));
        Assert.All(crew[20..], c => Assert.Empty(c.Device.Received));
    }

    [Fact]
    public async Task Names_that_lead_inside_a_private_network_are_not_followed()
    {
        await using var host = await KithHost.Start();
        await using var service = await PushService.Start();
        var user = await host.Register();
        var inside = new Uri($"https://localhost:{service.Address.Port}/internal");
        using var device = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var key = P256.Uncompressed(device.PublicKey.ExportParameters().Q);
        var keys = new { p256dh = Convert.ToBase64String(key), auth = Convert.ToBase64String(new byte[16]) };
        (await user.Api.Post("/users/@me/push-subscriptions", new { endpoint = inside, keys })).Ok(201);
        var friend = await host.Register();
        await friend.Send(await friend.OpenDm(user.Id), "hello");
        var counters = host.Services.GetRequiredService<PushCounters>();
        await Deadline.Until(() => Task.FromResult(counters.Read()), all => all.TryGetValue(PushKind.Web, out var web) && web.Refused == 1, "a refusal");
        Assert.Empty(service.Requests);
    }

    /// <summary>Moves the clock by seconds until something has happened: who polls by it comes round.</summary>
    static Task<bool> Tick(ManualTimeProvider clock, Func<bool> happened) => Deadline.Until(
        () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(happened());
        }, done => done, "a push after the clock moved");

    /// <summary>Until it is noted that the service wants us to wait, which a claim's lease does not for so long.</summary>
    static Task<IReadOnlyList<string>> Written(PushScene scene, ManualTimeProvider clock) => Deadline.Until(
        () => scene.Host.Services.GetRequiredService<IPushNoticeStore>().ServicesDueAsync(clock.GetUtcNow() + TimeSpan.FromSeconds(90), default), due => due.Count == 0, "the wait to be noted");
}

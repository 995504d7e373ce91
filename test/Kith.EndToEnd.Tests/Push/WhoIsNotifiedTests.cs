using Kith.Domain;
using Kith.Engine.Push;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Push;

public sealed class WhoIsNotifiedTests : IAsyncLifetime
{
    PushScene scene = null!;

    public async ValueTask InitializeAsync() => scene = await PushScene.Start(o => o with { IdleAfter = TimeSpan.Zero });

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task A_direct_message_says_who_where_and_what()
    {
        var (user, device) = await scene.Away();
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        var message = await friend.Send(dm, $"Hello {user.Mention}, ||a secret||\nbye");
        var push = (await device.Wait(1))[0];
        Assert.Equal(("message", friend.Name, $"Hello @{user.Name}, ▮▮▮▮▮▮▮▮ bye"), (push.Str("type"), push.Str("title"), push.Str("body")));
        Assert.Equal((dm, message.Id<MessageId>(), friend.Id), (push.Id<ChannelId>("channel_id"), push.Id<MessageId>("message_id"), push.GetProperty("author").Id<UserId>()));
        Assert.Equal((1, $"{dm}"), (push.Int("badge"), push.Str("tag")));
        var request = scene.RequestsOf(device)[0];
        Assert.Equal(("aes128gcm", "application/octet-stream", "high"), (request.Headers["Content-Encoding"], request.Headers["Content-Type"], request.Headers["Urgency"]));
        Assert.InRange(int.Parse(request.Headers["TTL"]), 1, 3 * 24 * 3600);
        Assert.StartsWith("vapid t=", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9_-]{1,32}$", request.Headers["Topic"]);
    }

    [Fact]
    public async Task Without_preview_the_text_stays_here()
    {
        var (user, device) = await scene.Away();
        (await user.Api.Patch("/users/@me/settings", new { push_preview = false })).Ok();
        var friend = await scene.Host.Register();
        await friend.Send(await friend.OpenDm(user.Id), "a secret");
        var push = (await device.Wait(1))[0];
        Assert.Null(push.Str("body"));
        Assert.Equal(friend.Name, push.Str("title"));
    }

    [Fact]
    public async Task In_a_guild_the_level_of_each_decides_and_the_default_is_the_guilds()
    {
        var owner = await scene.Host.Register();
        var guild = await owner.CreateGuild("Harbour");
        (await owner.Api.Patch($"/guilds/{guild.Id}", new { default_message_notifications = 1 })).Ok();
        var (plain, plainDevice) = await scene.Away();
        var (all, allDevice) = await scene.Away();
        var (none, noneDevice) = await scene.Away();
        await guild.Admit(plain, all, none);
        (await all.Api.Patch($"/users/@me/guilds/{guild.Id}/settings", new { message_notifications = 0 })).Ok();
        (await none.Api.Patch($"/users/@me/guilds/{guild.Id}/settings", new { message_notifications = 2 })).Ok();
        await owner.Send(guild.General, "words");
        await allDevice.Wait(1);
        var urgent = (await owner.Send(guild.General, "@everyone")).Id<MessageId>();
        await scene.Settle();
        Assert.Equal([("message", urgent)], plainDevice.Received.Select(PushReading.Shown));
        Assert.Equal(("message", urgent), allDevice.Received[^1].Shown());
        Assert.Equal($"{owner.Name} (#general, Harbour)", allDevice.Received[0].Str("title"));
        Assert.Equal("normal", scene.RequestsOf(allDevice)[0].Headers["Urgency"]);
        Assert.Equal("high", scene.RequestsOf(plainDevice)[0].Headers["Urgency"]);
        Assert.Empty(noneDevice.Received);
    }

    [Fact]
    public async Task Who_may_not_see_a_channel_hears_nothing_of_it_though_mentioned()
    {
        var owner = await scene.Host.Register();
        var guild = await owner.CreateGuild();
        var (user, device) = await scene.Away();
        await guild.Admit(user);
        var hidden = await owner.CreateChannel(guild.Id, "hidden", new { permission_overwrites = new[] { new { id = $"{guild.Everyone}", type = 0, deny = Permissions.ViewChannel } } });
        await owner.Send(hidden, $"{user.Mention} @everyone");
        await scene.Settle();
        Assert.Empty(device.Received);
    }

    [Fact]
    public async Task Muted_channels_and_guilds_silent_messages_and_blocked_people_do_not_notify()
    {
        var (user, device) = await scene.Away();
        var other = await scene.Host.Register();
        var group = await other.OpenGroup(user.Id, (await scene.Host.Register()).Id);
        await other.Send(group, "silent", new { flags = 1 << 12 });
        (await user.Api.Patch("/users/@me/guilds/@me/settings", new { channel_overrides = new[] { new { channel_id = group, muted = true } } })).Ok();
        await other.Send(group, "muted");
        // What is set counts when a message is handled, a moment after it was sent.
        await scene.Settle();
        (await user.Api.Patch("/users/@me/guilds/@me/settings", new { channel_overrides = new[] { new { channel_id = group, muted = false } } })).Ok();
        await user.Block(other.Id);
        await other.Send(group, "blocked");
        await scene.Settle();
        Assert.Empty(device.Received);
    }

    [Fact]
    public async Task Who_is_not_to_be_disturbed_is_not()
    {
        var (busy, busyDevice) = await scene.Away();
        var (asleep, asleepDevice) = await scene.Away();
        (await busy.Api.Patch("/users/@me/settings", new { status = "dnd" })).Ok();
        (await asleep.Api.Patch("/users/@me/settings", new { quiet_hours = new { time_zone = "Europe/Berlin", start = "00:00", end = "00:00" } })).Ok();
        var friend = await scene.Host.Register();
        foreach (var user in new[] { busy, asleep })
            await friend.Send(await friend.OpenDm(user.Id), "psst");
        await scene.Settle();
        Assert.Empty(busyDevice.Received);
        Assert.Empty(asleepDevice.Received);
        (await asleep.Api.Patch("/users/@me/settings", new { quiet_hours = (object?)null })).Ok();
        await friend.Send(await friend.OpenDm(asleep.Id), "awake?");
        Assert.Equal("awake?", (await asleepDevice.Wait(1))[0].Str("body"));
    }

    [Fact]
    public async Task Who_is_there_sees_it_anyway_and_who_has_been_idle_for_long_may_not()
    {
        var (user, device) = await scene.Away();
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        await using var probe = await GatewayProbe.Login(user);
        await friend.Send(dm, "you are there");
        await scene.Settle();
        Assert.Empty(device.Received);
        await probe.Send(GatewayOpcode.PresenceUpdate, new { status = "idle", activities = Array.Empty<object>(), since = 0, afk = true });
        var audience = scene.Host.Services.GetRequiredService<IPushAudienceStore>();
        await Deadline.Until(() => audience.IdleSinceAsync([user.Id], default), idle => idle.Count == 1, "the idle time to be noted");
        await friend.Send(dm, "you are away");
        Assert.Equal("you are away", (await device.Wait(1))[0].Str("body"));
    }

    [Fact]
    public async Task A_login_that_has_ended_is_not_notified_and_the_other_is()
    {
        var (user, device) = await scene.Away();
        var again = user with { Api = user.Api.With((await scene.Host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok().Str("token")) };
        var other = await scene.Device(again);
        (await user.Api.Post("/auth/logout")).Ok(204);
        var friend = await scene.Host.Register();
        await friend.Send(await friend.OpenDm(user.Id), "hello");
        await other.Wait(1);
        await scene.Settle();
        Assert.Empty(device.Received);
    }

    [Theory]
    [InlineData("time_zone", "Europe/Atlantis", "22:00", "07:00", 1)]
    [InlineData("start", "Europe/Berlin", "25:00", "07:00", 1)]
    [InlineData("end", "Europe/Berlin", "22:00", "7", 1)]
    [InlineData("days", "Europe/Berlin", "22:00", "07:00", 7)]
    public async Task Quiet_hours_that_are_none_are_refused(string field, string zone, string start, string end, int day) =>
        (await (await scene.Host.Register()).Api.Patch("/users/@me/settings", new { quiet_hours = new { time_zone = zone, start, end, days = new[] { day } } })).RefusedField($"quiet_hours.{field}");
}

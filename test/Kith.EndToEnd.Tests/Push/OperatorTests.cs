using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Push;

/// <summary>What an operator sees of pushes.</summary>
public sealed class OperatorTests
{
    [Fact]
    public async Task Counters_tell_what_became_of_pushes_and_only_to_admins()
    {
        await using var scene = await PushScene.Start();
        var admin = await scene.Host.Register();
        var (user, device) = await scene.Away();
        var dm = await admin.OpenDm(user.Id);
        await admin.Send(dm, "one");
        await device.Wait(1);
        scene.Service.Answer(410);
        await admin.Send(dm, "two");
        await device.Wait(2);
        var report = await Deadline.Until(() => admin.Api.Get("/admin/push"), r => r.Ok().GetProperty("kinds").TryGetProperty("web", out var w) && w.Int("removed") == 1, "the device to be counted");
        var web = report.Json.GetProperty("kinds").GetProperty("web");
        Assert.Equal((1, 0, 0), (web.Int("sent"), web.Int("failed"), web.Int("refused")));
        Assert.True(web.Int("latency_p99") > 0);
        (await user.Api.Get("/admin/push")).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task A_test_push_is_sent_and_its_result_explained()
    {
        await using var scene = await PushScene.Start();
        var (user, device) = await scene.Away();
        using var gone = await scene.Device(user);
        scene.Service.Answer((request, response) =>
        {
            response.StatusCode = request.Path == gone.Path ? 410 : 201;
            return Task.CompletedTask;
        });
        var (code, output, error) = await Test(scene, user.Name);
        Assert.True(code == 0, error);
        Assert.Equal("test", device.Received[0].Str("type"));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, l => l.Contains("201", StringComparison.Ordinal) && l.Contains("has it", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("410", StringComparison.Ordinal) && l.Contains("removed", StringComparison.Ordinal));
        Assert.Single((await user.Api.Get("/users/@me/push-subscriptions")).Ok().Items());

        (await user.Api.Patch("/users/@me/settings", new { status = "dnd" })).Ok();
        Assert.Contains("held back", (await Test(scene, $"{user.Id}")).Output, StringComparison.Ordinal);
        scene.Service.Answer(403);
        (code, output, _) = await Test(scene, user.Name);
        Assert.Equal(1, code);
        Assert.Contains("Push:Contact", output, StringComparison.Ordinal);

        var other = await scene.Host.Register();
        (code, _, error) = await Test(scene, other.Name);
        Assert.Equal(1, code);
        Assert.Contains("has no device", error, StringComparison.Ordinal);
        Assert.Equal(2, (await Test(scene, "nobody-at-all")).ExitCode);
    }

    static Task<(int ExitCode, string Output, string Error)> Test(PushScene scene, string user) =>
        KithProcess.Run("push", "test", user, "--data", scene.Host.Data, "--set", "Push:AllowPrivateAddresses=true");
}

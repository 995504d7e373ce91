using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Push;
using Kith.Server;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Push;

/// <summary>A server that may push to this machine, and a push service on it.</summary>
sealed class PushScene(KithHost host, PushService service) : IAsyncDisposable
{
    public KithHost Host => host;

    public PushService Service => service;

    public static async Task<PushScene> Start(Func<PushOptions, PushOptions>? options = null, TimeProvider? clock = null, Func<KithOptions, KithOptions>? host = null)
    {
        KithOptions Set(KithOptions o) => o with { Push = (options ?? (p => p))(o.Push with { AllowPrivateAddresses = true }) };
        return new(await KithHost.Start(new KithHostSetup { Options = o => Set((host ?? (h => h))(o)), Clock = clock }), await PushService.Start());
    }

    /// <summary>Someone with a device and without a session.</summary>
    public async Task<(TestUser User, PushDevice Device)> Away()
    {
        var user = await host.Register();
        return (user, await PushDevice.Subscribe(user, service));
    }

    public Task<PushDevice> Device(TestUser user) => PushDevice.Subscribe(user, service);

    /// <summary>
    /// Waits until all that was said before has been handled: the log keeps its order, so a message that is pushed to someone of its own ends all before it.
    /// </summary>
    public async Task Settle()
    {
        var (user, device) = await Away();
        var teller = await host.Register();
        await teller.Send(await teller.OpenDm(user.Id), "settled?");
        await device.Wait(1);
        await Deadline.Until(() => host.Services.GetRequiredService<IPushNoticeStore>().WaitingAsync(default), waiting => waiting == 0, "an empty queue");
    }

    public IReadOnlyList<PushRequest> RequestsOf(PushDevice device) => [.. service.Requests.Where(r => r.Path == device.Path)];

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await service.DisposeAsync();
    }
}

static class PushReading
{
    public static (string?, MessageId?) Shown(this JsonElement push) => (push.Str("type"), push.IdOrNull<MessageId>("message_id"));
}

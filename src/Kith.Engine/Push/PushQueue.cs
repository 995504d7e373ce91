using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Push;

/// <summary>The durable queue by this process' clock; what goes in wakes whoever delivers.</summary>
public sealed class PushQueue(IPushNoticeStore store, Digests digests, TimeProvider clock)
{
    /// <summary>After that long even what a device shows is forgotten, and would not be cleared.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromDays(28);

    readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Holds something once something may have become due.</summary>
    public ChannelReader<bool> News => news.Reader;

    /// <summary>Something may have become due.</summary>
    public void Wake() => news.Writer.TryWrite(true);

    public async Task ShowAsync(MessageKey message, IReadOnlyCollection<UserId> users, bool urgent, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await store.ShowAsync(message, users, urgent, now, now + Memory, ct);
        Wake();
    }

    /// <summary>Whether or not they have a device, or want to be disturbed: by the time of a mail that is over.</summary>
    public Task MissedAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => digests.MissedAsync(users, ct);

    public async Task WithdrawAsync(UserId user, MessageKey upTo, CancellationToken ct)
    {
        await store.WithdrawAsync(user, upTo, clock.GetUtcNow(), ct);
        Wake();
    }

    /// <summary>Services with something due.</summary>
    public Task<IReadOnlyList<string>> ServicesDueAsync(CancellationToken ct) => store.ServicesDueAsync(clock.GetUtcNow(), ct);

    /// <summary>What of a service is due; nobody else gets it while the lease lasts.</summary>
    public Task<IReadOnlyList<PushDelivery>> ClaimAsync(string service, TimeSpan lease, int most, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return store.ClaimAsync(service, now, now + lease, most, ct);
    }

    /// <summary>Withdraws what was read while nobody listened; returns when nothing of it is left.</summary>
    public async Task WithdrawReadAsync(CancellationToken ct)
    {
        while (await store.WithdrawReadAsync(clock.GetUtcNow(), ct) > 0)
            Wake();
    }
}

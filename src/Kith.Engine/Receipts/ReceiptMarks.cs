using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Preferences;
using Kith.Protocol;

namespace Kith.Engine.Receipts;

/// <summary>How far one participant's clients have received and read a DM or group.</summary>
public sealed record ReceiptRecord(ChannelId ChannelId, UserId UserId, MessageId Delivered, MessageId Read);

public interface IReceiptStore
{
    Task<IReadOnlyList<ReceiptRecord>> OfChannelAsync(ChannelId channel, CancellationToken ct);

    /// <summary>Moves watermarks forward, never back; both parts.</summary>
    Task RaiseAsync(IReadOnlyCollection<ReceiptRecord> receipts, CancellationToken ct);
}

/// <summary>
/// Receipts are watermarks: one row per participant, whatever the number of messages. A watermark is announced at once and written behind, many in one commit;
/// one lost in a crash is raised again by the recipient's next heartbeat or ack.
/// </summary>
/// <param name="isShared">Other processes serve the same store.</param>
public sealed class ReceiptMarks(IReceiptStore store, IEventLog events, ReceiptPrivacy privacy, bool isShared) : IDisposable
{
    /// <summary>Watermarks remembered so that a second device of a user does not announce them again; forgetting one costs a repeated event.</summary>
    const int MaxAnnounced = 200_000;

    readonly ConcurrentDictionary<(ChannelId Channel, UserId User), ReceiptRecord> announced = new();
    readonly ConcurrentDictionary<(ChannelId Channel, UserId User), ReceiptRecord> unwritten = new();
    readonly SemaphoreSlim writing = new(1, 1);

    /// <summary>A session of the user has confirmed everything up to this message.</summary>
    public ValueTask DeliveredAsync(UserId user, ChannelRecord channel, MessageId message, CancellationToken ct) =>
        RaiseAsync(channel, new ReceiptRecord(channel.Id, user, message, default), ct);

    /// <summary>The user has read up to this message, and so has received it.</summary>
    public async ValueTask ReadAsync(UserId user, ChannelRecord channel, MessageId message, CancellationToken ct)
    {
        var shown = await privacy.ShowsReadAsync(user, ct);
        await RaiseAsync(channel, new ReceiptRecord(channel.Id, user, message, shown ? message : default), ct);
        // Whoever asks another process must find it; the ack itself was a write as well.
        if (isShared) await FlushAsync(ct);
    }

    /// <summary>As <paramref name="asker"/> may see them: who hides read marks sees none.</summary>
    public async Task<IReadOnlyList<ChannelReceipt>> OfChannelAsync(ChannelAccess access, CancellationToken ct)
    {
        await FlushAsync(ct);
        var shown = await privacy.ShowsReadAsync(access.Principal.Id, ct);
        return [.. (await store.OfChannelAsync(access.Id, ct)).Where(r => access.Channel.Recipients.Contains(r.UserId)).Select(r => ToWire(r, shown || r.UserId == access.Principal.Id))];
    }

    /// <summary>Writes what is unwritten. Called by a timer every half second, before a read, and at the end.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (unwritten.IsEmpty) return;
        await writing.WaitAsync(ct);
        try
        {
            var batch = unwritten.ToArray();
            if (batch.Length == 0) return;
            await store.RaiseAsync([.. batch.Select(b => b.Value)], ct);
            // Whatever was raised meanwhile differs from what was written and stays.
            foreach (var written in batch)
                unwritten.TryRemove(written);
        }
        finally
        {
            writing.Release();
        }
    }

    public void Dispose() => writing.Dispose();

    async ValueTask RaiseAsync(ChannelRecord channel, ReceiptRecord receipt, CancellationToken ct)
    {
        var key = (receipt.ChannelId, receipt.UserId);
        if (announced.Count > MaxAnnounced) announced.Clear();
        var before = announced.GetValueOrDefault(key);
        var after = announced.AddOrUpdate(key, receipt, (_, now) => Highest(now, receipt));
        if (after == before) return;
        unwritten.AddOrUpdate(key, after, (_, now) => Highest(now, after));
        var others = channel.Recipients.Where(u => u != receipt.UserId).ToArray();
        if (receipt.Read.Value == 0)
        {
            await PublishAsync(others, ToWire(after, withRead: false), ct);
            return;
        }

        var shown = new List<UserId>();
        foreach (var other in others)
        {
            if (await privacy.ShowsReadAsync(other, ct)) shown.Add(other);
        }

        await PublishAsync(shown, ToWire(after, withRead: true), ct);
        await PublishAsync([.. others.Except(shown)], ToWire(after, withRead: false), ct);
    }

    async ValueTask PublishAsync(IReadOnlyList<UserId> users, ChannelReceipt receipt, CancellationToken ct)
    {
        if (users.Count == 0) return;
        await events.PublishAsync(new Event { Name = "CHANNEL_RECEIPT_UPDATE", Audience = new Audience.OfUsers(users, receipt.ChannelId.Value), Data = Wire.Utf8(receipt) }, ct);
    }

    static ReceiptRecord Highest(ReceiptRecord one, ReceiptRecord other) => one with
    {
        Delivered = one.Delivered > other.Delivered ? one.Delivered : other.Delivered,
        Read = one.Read > other.Read ? one.Read : other.Read,
    };

    static ChannelReceipt ToWire(ReceiptRecord receipt, bool withRead) => new()
    {
        ChannelId = receipt.ChannelId, UserId = receipt.UserId,
        DeliveredMessageId = receipt.Delivered.Value == 0 ? null : receipt.Delivered,
        ReadMessageId = !withRead || receipt.Read.Value == 0 ? null : receipt.Read,
    };
}

/// <summary>Whether a user takes part in read marks: who turns them off neither gives nor gets them.</summary>
public sealed class ReceiptPrivacy(Settings settings)
{
    public async ValueTask<bool> ShowsReadAsync(UserId user, CancellationToken ct) => (await settings.OfAsync(user, ct)).ReadReceipts;
}

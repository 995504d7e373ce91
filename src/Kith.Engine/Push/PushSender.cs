using Kith.Domain;

namespace Kith.Engine.Push;

/// <summary>Composes one push, hands it to its service, and says what is to become of the notice.</summary>
public sealed class PushSender(PushTransports transports, NoteComposer composer, PushCounters counters, PushThreads threads, ServicePace pace, PushOptions options, TimeProvider clock)
{
    /// <summary>About a day of trying; bounds what clears a notification, which has no end of its own.</summary>
    const int MostAttempts = 32;

    /// <summary>Null where its turn came so late that others may have claimed it.</summary>
    public Task<PushResult?> SendAsync(PushDelivery delivery, CancellationToken ct) => threads.RunAsync(() => ComposeAndSendAsync(delivery, ct));

    async Task<PushResult?> ComposeAndSendAsync(PushDelivery delivery, CancellationToken ct)
    {
        await pace.TurnAsync(ct);
        if (clock.GetUtcNow() + options.Timeout > delivery.Until) return null;
        var left = Left(delivery);
        if (left <= TimeSpan.Zero || !transports.Takes(delivery.Device.Kind) || await composer.OfAsync(delivery, left, ct) is not { } note) return Dropped(delivery);
        var answer = await transports.SendAsync(delivery.Device, note, ct);
        return answer.Verdict switch
        {
            PushVerdict.Accepted => new PushResult(delivery, PushEnd.Delivered),
            PushVerdict.Gone => new PushResult(delivery, PushEnd.Gone),
            PushVerdict.Retry => Later(delivery, answer.RetryAfter),
            _ => new PushResult(delivery, PushEnd.Dropped),
        };
    }

    /// <summary>After it failed.</summary>
    /// <param name="asked">How long the service wants us to wait.</param>
    public PushResult Later(PushDelivery delivery, TimeSpan? asked = null)
    {
        var wait = Backoff.After(delivery.Attempts, asked, Random.Shared.NextDouble());
        return wait < Left(delivery) && delivery.Attempts < MostAttempts ? new PushResult(delivery, PushEnd.Later, clock.GetUtcNow() + wait) : Dropped(delivery);
    }

    /// <summary>What clears a notification is worth as much as the notification itself, which may be near its end.</summary>
    TimeSpan Left(PushDelivery delivery) => delivery.Withdrawn
        ? options.TimeToLive : Snowflake.TimestampOf(delivery.Message.Message.Value) + options.TimeToLive - clock.GetUtcNow();

    PushResult Dropped(PushDelivery delivery)
    {
        counters.CountDropped(delivery.Device.Kind);
        return new PushResult(delivery, PushEnd.Dropped);
    }
}

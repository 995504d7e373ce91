using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Engine.Push;

/// <summary>What became of a test push to one device.</summary>
public sealed record PushTestResult(PushSubscription Device, PushAnswer Answer, TimeSpan Took);

/// <summary>Sends one push to each of a user's devices, now and past the queue, to see whether it arrives.</summary>
public sealed class PushTest(IPushSubscriptionStore store, IPushAudienceStore audience, PushTransports transports, NoteComposer composer, TimeProvider clock)
{
    public async Task<IReadOnlyList<PushTestResult>> RunAsync(UserRecord user, CancellationToken ct)
    {
        var note = await composer.TestAsync(user.Id, "Kith", "Notifications reach this device.", ct);
        List<PushTestResult> results = [];
        foreach (var device in await store.OfUserAsync(user.Id, ct))
        {
            var began = clock.GetTimestamp();
            var answer = transports.Takes(device.Kind)
                ? await transports.SendAsync(device, note, ct)
                : new PushAnswer(PushVerdict.Refused, "this instance is not set up for this kind");
            results.Add(new PushTestResult(device, answer, clock.GetElapsedTime(began)));
            if (answer.Verdict == PushVerdict.Gone) await store.RemoveAsync(user.Id, device.Id, ct);
        }

        return results;
    }

    /// <summary>Whether the user's own settings hold back real pushes now.</summary>
    public async Task<bool> IsQuietAsync(UserId user, CancellationToken ct) =>
        NotificationRules.IsQuiet((await audience.SettingsAsync([user], ct)).GetValueOrDefault(user), clock.GetUtcNow());
}

using Kith.Domain;

namespace Kith.Engine.Push;

/// <summary>Notes who misses something while away, where this instance writes mails; else does nothing.</summary>
public sealed class Digests(IPushDigestStore store, PushOptions options, TimeProvider clock)
{
    bool On => options.Mail.Host.Length > 0;

    public Task MissedAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        On && users.Count > 0 ? store.MissedAsync(users, clock.GetUtcNow() + options.Mail.After, ct) : Task.CompletedTask;

    public Task SeenAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => On && users.Count > 0 ? store.SeenAsync(users, ct) : Task.CompletedTask;
}

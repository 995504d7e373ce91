using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>How pushes fare in this process, for the instance's admins.</summary>
/// <param name="Waiting">Notices in the queue, of all processes.</param>
public sealed record PushReport(int Waiting, IReadOnlyDictionary<string, PushFigures> Kinds);

public sealed class PushReports(PushCounters counters, IPushNoticeStore store)
{
    public async Task<Result<PushReport>> OfAsync(Principal me, CancellationToken ct)
    {
        if (!me.User.Admin) return ErrorCode.MissingPermissions;
        return new PushReport(await store.WaitingAsync(ct), counters.Read().ToDictionary(t => t.Key.ToString().ToLowerInvariant(), t => t.Value, StringComparer.Ordinal));
    }
}

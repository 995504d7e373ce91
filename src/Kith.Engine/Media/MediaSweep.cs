using Microsoft.Extensions.Logging;

namespace Kith.Engine.Media;

/// <summary>Cleans up an hour after the start and once a day from then on, and says what it did.</summary>
public sealed partial class MediaSweep(MediaCleaning cleaning, TimeProvider clock, ILogger<MediaSweep> log)
    : PeriodicWork(Period, clock, First)
{
    static readonly TimeSpan First = TimeSpan.FromHours(1), Period = TimeSpan.FromDays(1);

    protected override async Task RunAsync(CancellationToken ct)
    {
        var report = await cleaning.SweepAsync(ct);
        LogDone(report.Orphans, report.Deleted, report.Repaired, report.Blobs, report.Leftovers);
    }

    protected override void Failed(Exception e) => LogFailed(e);

    [LoggerMessage(1701, LogLevel.Information,
        "Media sweep: {Orphans} uploads that no message took, {Deleted} files of deleted messages, {Repaired} repaired, {Blobs} blobs removed, {Leftovers} leftovers of transfers")]
    partial void LogDone(int orphans, int deleted, int repaired, int blobs, int leftovers);

    [LoggerMessage(1702, LogLevel.Error, "The media sweep failed; the next is in a day")]
    partial void LogFailed(Exception e);
}

using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Messages;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Guilds;

/// <summary>
/// Removes the messages of channels that are gone, with their files, in bounded steps beside the requests: a channel may have millions. What a stop interrupts, the next start goes on with.
/// </summary>
public sealed partial class DeletedChannels(IDeletedChannelStore store, IMessageStore messages, MessageFiles files, TimeProvider clock, ILogger<DeletedChannels> log)
    : PeriodicWork(Interval, clock)
{
    const int Batch = 100;

    /// <summary>Between looks, and for how long a channel rests first, so that sends under way at its deletion are over.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken ct)
    {
        IReadOnlyList<ChannelId> gone;
        do
        {
            gone = await store.ListAsync(Clock.GetUtcNow() - Interval, Batch, ct);
            foreach (var channel in gone)
            {
                await messages.DeleteChannelAsync(channel, ct);
                await files.DeleteChannelAsync(channel, ct);
                await store.RemoveAsync(channel, ct);
            }
        }
        while (gone.Count == Batch);
    }

    protected override void Failed(Exception e) => LogFailed(e);

    [LoggerMessage(1400, LogLevel.Error, "Messages of deleted channels could not be removed; it is tried again")]
    partial void LogFailed(Exception e);
}

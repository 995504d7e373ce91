using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Guilds;

/// <summary>
/// Removes the messages of channels that are gone, with their files, in bounded steps beside the requests: a channel may have millions. What a stop interrupts, the next start goes on with.
/// </summary>
public sealed partial class DeletedChannels(IDeletedChannelStore store, IMessageStore messages, MessageFiles files, TimeProvider clock, ILogger<DeletedChannels> log) : BackgroundService
{
    const int Batch = 100;

    /// <summary>Between looks, and for how long a channel rests first, so that sends under way at its deletion are over.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SweepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; what is left stays on the list.
        }
    }

    async Task SweepAsync(CancellationToken ct)
    {
        try
        {
            IReadOnlyList<ChannelId> gone;
            do
            {
                gone = await store.ListAsync(clock.GetUtcNow() - Interval, Batch, ct);
                foreach (var channel in gone)
                {
                    await messages.DeleteChannelAsync(channel, ct);
                    await files.DeleteChannelAsync(channel, ct);
                    await store.RemoveAsync(channel, ct);
                }
            }
            while (gone.Count == Batch);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(1400, LogLevel.Error, "Messages of deleted channels could not be removed; it is tried again")]
    partial void LogFailed(Exception e);
}

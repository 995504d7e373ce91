using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>
/// Empties the durable queue: each service with something due has a line of its own, so that one that is slow or away delays no other. What is claimed and not completed,
/// because the process ends, is due again after <see cref="Lease"/>.
/// </summary>
public sealed partial class PushDispatcher(
    PushQueue queue, PushSender sender, PushResults results, PushOptions options, TimeProvider clock, ILogger<PushDispatcher> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Of the options' timeout: a claimed page is under way for two requests' time at most, and must not be due meanwhile.</summary>
    const int LeaseTimeouts = 4;

    readonly Dictionary<string, ServiceLine> lines = new(StringComparer.Ordinal);

    TimeSpan Lease => options.Timeout * LeaseTimeouts;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WakeLinesAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogFailed(e);
                await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(lines.Values.Select(line => line.EndAsync()));
        await results.FlushAsync();
    }

    async Task WakeLinesAsync(CancellationToken ct)
    {
        var due = await queue.ServicesDueAsync(ct);
        foreach (var (service, line) in lines.Where(l => l.Value.IsIdle && !due.Contains(l.Key)).ToArray())
        {
            lines.Remove(service);
            line.Dispose();
        }

        foreach (var service in due)
        {
            if (!lines.TryGetValue(service, out var line))
                lines[service] = line = new ServiceLine(options.RequestsPerService, cancel => ClaimAsync(service, cancel), DeliverAsync);
            line.Wake(ct);
        }
    }

    /// <summary>Until something is queued, or a second has passed: then what waited to be tried again may be due.</summary>
    async Task WaitAsync(CancellationToken ct)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(queue.News.WaitToReadAsync(wait.Token).AsTask(), Task.Delay(Interval, clock, wait.Token));
        await wait.CancelAsync();
        ct.ThrowIfCancellationRequested();
        queue.News.TryRead(out _);
    }

    async Task<IReadOnlyList<PushDelivery>> ClaimAsync(string service, CancellationToken ct)
    {
        try
        {
            return await queue.ClaimAsync(service, Lease, options.RequestsPerService, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The line begins again with the next look at what is due.
            LogFailed(e);
            return [];
        }
    }

    async Task DeliverAsync(PushDelivery delivery, CancellationToken ct)
    {
        try
        {
            if (await SendAsync(delivery, ct) is { } result) await results.AddAsync(result, CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Due again when its lease ends.
        }
    }

    async Task<PushResult?> SendAsync(PushDelivery delivery, CancellationToken ct)
    {
        try
        {
            return await sender.SendAsync(delivery, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            LogDeliveryFailed(e, delivery.Device.Service);
            return sender.Later(delivery);
        }
    }

    [LoggerMessage(1620, LogLevel.Error, "Pushes cannot be read from the queue; it is tried again")]
    partial void LogFailed(Exception e);

    [LoggerMessage(1621, LogLevel.Error, "A push to {Service} failed here; it is tried again")]
    partial void LogDeliveryFailed(Exception e, string service);
}

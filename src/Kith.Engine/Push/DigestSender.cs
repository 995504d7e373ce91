using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>Writes the mails that are due, a few at a time.</summary>
public sealed partial class DigestSender(IPushDigestStore store, DigestComposer composer, IMailer mailer, TimeProvider clock, ILogger<DigestSender> log) : BackgroundService
{
    const int Page = 20;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Retry = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SendDueAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is due after the next start.
        }
    }

    async Task SendDueAsync(CancellationToken ct)
    {
        try
        {
            IReadOnlyList<UserId> due;
            do
            {
                due = await store.TakeDueAsync(clock.GetUtcNow(), Page, ct);
                foreach (var user in due)
                    await SendAsync(user, ct);
            }
            while (due.Count == Page);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    async Task SendAsync(UserId user, CancellationToken ct)
    {
        if (await composer.OfAsync(user, ct) is not { } mail)
        {
            // Nothing is unread: what comes from here on is missed anew.
            await store.SeenAsync([user], ct);
            return;
        }

        try
        {
            await mailer.SendAsync(mail, ct);
            LogSent(user);
        }
        catch (MailException e)
        {
            LogUnsent(e, user);
            if (!e.IsFinal) await store.PutBackAsync(user, clock.GetUtcNow() + Retry, ct);
        }
    }

    [LoggerMessage(1630, LogLevel.Debug, "A mail of what was missed was sent to {User}")]
    partial void LogSent(UserId user);

    [LoggerMessage(1631, LogLevel.Warning, "The mail of what {User} has missed was not taken")]
    partial void LogUnsent(Exception e, UserId user);

    [LoggerMessage(1632, LogLevel.Error, "Mails of what was missed stopped; they go on in half a minute")]
    partial void LogFailed(Exception e);
}

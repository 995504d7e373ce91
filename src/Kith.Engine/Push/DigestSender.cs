using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>Writes the mails that are due, a few at a time.</summary>
public sealed partial class DigestSender(IPushDigestStore store, DigestComposer composer, IMailer mailer, TimeProvider clock, ILogger<DigestSender> log)
    : PeriodicWork(Interval, clock)
{
    const int Page = 20;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Retry = TimeSpan.FromMinutes(15);

    protected override async Task RunAsync(CancellationToken ct)
    {
        IReadOnlyList<UserId> due;
        do
        {
            due = await store.TakeDueAsync(Clock.GetUtcNow(), Page, ct);
            foreach (var user in due)
                await SendAsync(user, ct);
        }
        while (due.Count == Page);
    }

    protected override void Failed(Exception e) => LogFailed(e);

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
            if (!e.IsFinal) await store.PutBackAsync(user, Clock.GetUtcNow() + Retry, ct);
        }
    }

    [LoggerMessage(1630, LogLevel.Debug, "A mail of what was missed was sent to {User}")]
    partial void LogSent(UserId user);

    [LoggerMessage(1631, LogLevel.Warning, "The mail of what {User} has missed was not taken")]
    partial void LogUnsent(Exception e, UserId user);

    [LoggerMessage(1632, LogLevel.Error, "Mails of what was missed stopped; they go on in half a minute")]
    partial void LogFailed(Exception e);
}

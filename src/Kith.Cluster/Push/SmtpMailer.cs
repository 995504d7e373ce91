using System.Net;
using System.Net.Mail;
using System.Text;
using Kith.Engine.Push;

namespace Kith.Cluster.Push;

/// <summary>Mails over SMTP with STARTTLS, by .NET's own client, since no package of a better one is to be had. One connection per mail.</summary>
public sealed class SmtpMailer(PushOptions options) : IMailer
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public async Task SendAsync(Engine.Push.Mail mail, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        using var client = new SmtpClient(options.Mail.Host, options.Mail.Port) { EnableSsl = options.Mail.Tls };
        if (options.Mail.User.Length > 0) client.Credentials = new NetworkCredential(options.Mail.User, options.Mail.Password);
        try
        {
            using var message = Compose(mail);
            await client.SendMailAsync(message, limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new MailException($"{options.Mail.Host} does not answer", isFinal: false, e);
        }
        catch (Exception e) when (e is SmtpException or FormatException)
        {
            var final = e is FormatException or SmtpException { StatusCode: SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.UserNotLocalTryAlternatePath };
            throw new MailException(e.Message, final, e);
        }
    }

    MailMessage Compose(Engine.Push.Mail mail)
    {
        var message = new MailMessage(new MailAddress(options.Mail.From), new MailAddress(mail.To, mail.Name, Encoding.UTF8))
        {
            Subject = mail.Subject, SubjectEncoding = Encoding.UTF8, Body = mail.Text, BodyEncoding = Encoding.UTF8,
        };
        message.Headers.Add("List-Unsubscribe", $"<{mail.UnsubscribeUrl}>");
        message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}

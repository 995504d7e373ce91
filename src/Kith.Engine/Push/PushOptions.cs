using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Engine.Push;

public sealed record PushOptions : IValidatableObject
{
    [Description("Whether those who are not there are notified on their devices.")]
    public bool Enabled { get; init; } = true;

    [Description("The address at which people reach this instance, such as https://chat.example.org: push services are told it, and links in mails lead there.")]
    public string PublicUrl { get; init; } = "";

    [Description("An address that operators of push services can write to, such as mailto:admin@example.org. Empty: PublicUrl. Apple takes neither localhost nor nothing.")]
    public string Contact { get; init; } = "";

    [Description("Whether devices may be reached at private, loopback and link-local addresses, and without TLS. Only for a push service of one's own: users choose the addresses.")]
    public bool AllowPrivateAddresses { get; init; }

    [Description("A connected user is pushed to as well once every session has been idle for this long.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(5);

    [Description("How long a push of a message is tried, and kept by push services for a device that is off.")]
    [Range(typeof(TimeSpan), "00:00:10", "28.00:00:00")]
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(3);

    [Description("In servers with more members only mentions are pushed, unless a member chooses all messages.")]
    [Range(0, int.MaxValue)]
    public int AllMessagesUpToMembers { get; init; } = 2500;

    [Description("How long one request to a push service may take.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    [Description("Pushes that one process begins within a second; more are spread, so that a mention of thousands does not slow those who are chatting.")]
    [Range(1, 100_000)]
    public int PerSecond { get; init; } = 250;

    [Description("Requests at once to one push service.")]
    [Range(1, 1000)]
    public int RequestsPerService { get; init; } = 32;

    [Description("Requests at once to all push services together; half of them are kept for services that answer quickly.")]
    [Range(2, 10_000)]
    public int Requests { get; init; } = 128;

    [Description("Native apps on Android, over Firebase Cloud Messaging.")]
    public FcmOptions Fcm { get; init; } = new();

    [Description("Native apps of Apple's, over the Apple Push Notification service.")]
    public ApnsOptions Apns { get; init; } = new();

    [Description("Mails of what was missed, to those who have an address and have not been there for long.")]
    public MailOptions Mail { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mail.Host.Length > 0 && PublicUrl.Length == 0) yield return new("mails need it for their links", [nameof(PublicUrl)]);
        if (PublicUrl.Length > 0 && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0))
            yield return new($"\"{PublicUrl}\" is not an address such as https://chat.example.org", [nameof(PublicUrl)]);
        if (Contact.Length > 0 && !(Uri.TryCreate(Contact, UriKind.Absolute, out var contact) && contact.Scheme is "mailto" or "https"))
            yield return new($"\"{Contact}\" is not an address such as mailto:admin@example.org", [nameof(Contact)]);
    }
}

public sealed record FcmOptions : IValidatableObject
{
    [Description("The file of a Google service account (JSON) that may send messages of the app's project. Empty: no FCM.")]
    public string ServiceAccount { get; init; } = "";

    [Description("Where messages are sent to.")]
    [Required]
    public string Address { get; init; } = "https://fcm.googleapis.com";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceAccount.Length > 0 && !File.Exists(ServiceAccount)) yield return new($"there is no file {ServiceAccount}", [nameof(ServiceAccount)]);
    }
}

public sealed record ApnsOptions : IValidatableObject
{
    [Description("The file of the key (.p8) that Apple gave. Empty: no APNs.")]
    public string KeyFile { get; init; } = "";

    [Description("The key's id.")]
    public string KeyId { get; init; } = "";

    [Description("The id of the developer's team.")]
    public string TeamId { get; init; } = "";

    [Description("The app's bundle id.")]
    public string Topic { get; init; } = "";

    [Description("Where notifications are sent to; https://api.sandbox.push.apple.com for apps in development.")]
    [Required]
    public string Address { get; init; } = "https://api.push.apple.com";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyFile.Length == 0) yield break;
        if (!File.Exists(KeyFile)) yield return new($"there is no file {KeyFile}", [nameof(KeyFile)]);
        if (KeyId.Length == 0 || TeamId.Length == 0 || Topic.Length == 0) yield return new("needs KeyId, TeamId and Topic as well", [nameof(KeyFile)]);
    }
}

public sealed record MailOptions : IValidatableObject
{
    [Description("The mail server (SMTP). Empty: no mails.")]
    public string Host { get; init; } = "";

    [Description("Its port.")]
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    [Description("Whether the connection must be encrypted (STARTTLS).")]
    public bool Tls { get; init; } = true;

    [Description("The name to log in with. Empty: without logging in.")]
    public string User { get; init; } = "";

    [Description("The password to log in with.")]
    [PasswordPropertyText]
    public string Password { get; init; } = "";

    [Description("The sender: kith@example.org, or Our Chat <kith@example.org>.")]
    public string From { get; init; } = "";

    [Description("How long someone must have been away since the first thing that was missed.")]
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan After { get; init; } = TimeSpan.FromHours(12);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host.Length > 0 && !System.Net.Mail.MailAddress.TryCreate(From, out _)) yield return new($"\"{From}\" is no sender such as kith@example.org", [nameof(From)]);
    }
}

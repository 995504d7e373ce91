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

    [Description("Requests at once to one push service.")]
    [Range(1, 1000)]
    public int RequestsPerService { get; init; } = 32;

    [Description("Requests at once to all push services together; half of them are kept for services that answer quickly.")]
    [Range(2, 10_000)]
    public int Requests { get; init; } = 128;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl.Length > 0 && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0))
            yield return new($"\"{PublicUrl}\" is not an address such as https://chat.example.org", [nameof(PublicUrl)]);
        if (Contact.Length > 0 && !(Uri.TryCreate(Contact, UriKind.Absolute, out var contact) && contact.Scheme is "mailto" or "https"))
            yield return new($"\"{Contact}\" is not an address such as mailto:admin@example.org", [nameof(Contact)]);
    }
}

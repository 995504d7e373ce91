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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl.Length > 0 && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0))
            yield return new($"\"{PublicUrl}\" is not an address such as https://chat.example.org", [nameof(PublicUrl)]);
        if (Contact.Length > 0 && !(Uri.TryCreate(Contact, UriKind.Absolute, out var contact) && contact.Scheme is "mailto" or "https"))
            yield return new($"\"{Contact}\" is not an address such as mailto:admin@example.org", [nameof(Contact)]);
    }
}

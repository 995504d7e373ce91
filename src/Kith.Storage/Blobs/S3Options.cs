using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Storage.Blobs;

public sealed record S3Options : IValidatableObject
{
    [Description("The bucket that files are kept in; it must exist. Empty: files are kept in the data folder.")]
    public string Bucket { get; init; } = "";

    [Description("The server, such as https://s3.example.org. Empty: AWS, in Region.")]
    public string Endpoint { get; init; } = "";

    [Description("The server as clients reach it, where that differs: they upload to it by themselves.")]
    public string PublicEndpoint { get; init; } = "";

    [Description("The region, which signatures name; most servers of one's own take any.")]
    [Required]
    public string Region { get; init; } = "us-east-1";

    [Description("Empty: as the environment or the machine's role says.")]
    public string AccessKey { get; init; } = "";

    [Description("The secret of AccessKey.")]
    [PasswordPropertyText]
    public string SecretKey { get; init; } = "";

    [Description("Whether the bucket is part of the path and not of the host name, as MinIO and Ceph want it.")]
    public bool PathStyle { get; init; } = true;

    [Description("Whether checksums are sent with everything and asked for. AWS takes them; older servers of other makers do not.")]
    public bool Checksums { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(Endpoint), Endpoint), (nameof(PublicEndpoint), PublicEndpoint) })
        {
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) yield return new($"\"{value}\" is not an address such as https://s3.example.org", [name]);
        }

        if ((AccessKey.Length == 0) != (SecretKey.Length == 0)) yield return new("a key and its secret are given together", [nameof(AccessKey), nameof(SecretKey)]);
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Kith.Server.Http;

public sealed record HttpOptions : IValidatableObject
{
    [Description("Largest request body, in bytes. JSON bodies are limited to 1 MiB whatever this says, files by Media:MaxFileBytes.")]
    [Range(65_536L, 1L << 40)]
    public long MaxRequestBytes { get; init; } = 26_214_400;

    [Description("How long a client may take to send a request's headers.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    [Description("How long an HTTP connection without requests stays open. Gateway sockets have rules of their own.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    [Description("New connections, for the gateway or the API, that a process with the gateway role begins with in a second; when more come the others wait. 0: 1500 for each processor.")]
    [Range(0, 1_000_000)]
    public int ConnectionsPerSecond { get; init; }

    [Description("Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For, -Proto and -Host are believed. Without this, everyone behind a proxy has the proxy's address and shares its limits.")]
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    [Description("Origins (https://chat.example.org, or *) whose pages may call the API. Kith's own pages need none.")]
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    [Description("For https: the certificate chain, a PEM file.")]
    public string Certificate { get; init; } = "";

    [Description("For https: the certificate's private key, a PEM file.")]
    public string CertificateKey { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in TrustedProxies.Where(p => !IPAddress.TryParse(p, out _) && !IPNetwork.TryParse(p, out _)))
            yield return new($"\"{proxy}\" is neither an address nor a network such as 10.0.0.0/8", [nameof(TrustedProxies)]);
        foreach (var origin in AllowedOrigins.Where(o => o != "*" && !IsOrigin(o)))
            yield return new($"\"{origin}\" is not an origin such as https://chat.example.org", [nameof(AllowedOrigins)]);
        if ((Certificate.Length == 0) != (CertificateKey.Length == 0))
            yield return new("a certificate and its key are given together", [nameof(CertificateKey), nameof(Certificate)]);
    }

    static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}

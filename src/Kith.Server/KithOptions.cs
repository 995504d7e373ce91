using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kith.Api.Http;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Media;
using Kith.Engine.Push;
using Kith.Server.Configuration;
using Kith.Server.Http;

namespace Kith.Server;

/// <summary>
/// What the person who runs the server can set: in the file of <c>--config</c>, in <c>KITH__…</c> environment variables, or on the command line.
/// A feature's options are a record beside the feature with a property here; each is in the container as a singleton of its own type. Every property
/// has a [Description], from which docs/configuration.md and the sample are made, and validation attributes or IValidatableObject for what is not allowed.
/// </summary>
public sealed record KithOptions : IValidatableObject
{
    [Description("Where to listen: one or more addresses, separated by semicolons. https:// needs Http:Certificate.")]
    [Required]
    public string Urls { get; init; } = "http://localhost:8080";

    [Description("The folder of the embedded store, the instance's keys and the media. Made where it does not exist.")]
    [Required]
    public string Data { get; init; } = "./data";

    [Description("How long requests and sockets may take to finish once the server was told to stop.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Description("Connections, proxies, other origins.")]
    public HttpOptions Http { get; init; } = new();

    [Description("What is logged, and how. Logs go to standard error.")]
    public LoggingOptions Logging { get; init; } = new();

    [Description("The web client.")]
    public WebOptions Web { get; init; } = new();

    [Description("Accounts and logins.")]
    public AccountOptions Accounts { get; init; } = new();

    [Description("Gateway sockets and sessions.")]
    public GatewayOptions Gateway { get; init; } = new();

    [Description("How many requests are taken; see limits.md.")]
    public RateLimitsOptions RateLimits { get; init; } = new();

    [Description("Notifications on devices.")]
    public PushOptions Push { get; init; } = new();

    [Description("How much of everything there may be.")]
    public LimitsOptions Limits { get; init; } = new();

    [Description("Files: what people upload, and where it lies.")]
    public MediaOptions Media { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Kestrel's parser, which knows http://*:80 and http://unix:/path as well.
            if (!url.Contains("://", StringComparison.Ordinal) || BindingAddress.Parse(url) is not { Scheme: "http" or "https", PathBase: "" } address)
                yield return new($"\"{url}\" is not an address such as http://localhost:8080 or https://*:443", [nameof(Urls)]);
            else if (address.Scheme == "https" && Http.Certificate.Length == 0)
                yield return new("https needs Http:Certificate and Http:CertificateKey", [nameof(Urls)]);
        }
    }

    /// <summary>The records of all sections, this one included.</summary>
    public IEnumerable<object> Sections() => OptionProperty.All.Select(o => o.HolderIn(this)).Distinct(ReferenceEqualityComparer.Instance)!;
}

public enum LogFormat
{
    Simple,
    Json,
}

public sealed record LoggingOptions
{
    [Description("Simple (one line each, for people) or Json (one object a line, for machines).")]
    public LogFormat Format { get; init; } = LogFormat.Simple;

    [Description("The least severe level that is logged.")]
    public LogLevel Level { get; init; } = LogLevel.Information;
}

public sealed record WebOptions
{
    [Description("Whether the web client is served.")]
    public bool Enabled { get; init; } = true;

    [Description("The folder of the built web client. Empty: wwwroot beside the program. Nothing is served where it does not exist.")]
    public string Folder { get; init; } = "";
}

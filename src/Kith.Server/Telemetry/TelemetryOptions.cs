using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Server.Telemetry;

public sealed record TelemetryOptions : IValidatableObject
{
    [Description("Where traces and metrics are sent, as OTLP over HTTP (protobuf), such as http://collector:4318. Empty: nowhere, and nothing is traced.")]
    public string Endpoint { get; init; } = "";

    [Description("The share of requests that are traced. What a traced request causes is traced to its end, in every process.")]
    [Range(0.0, 1.0)]
    public double SampleRatio { get; init; } = 0.01;

    [Description("Headers that go with each export, such as an authorization.")]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    [Description("How often metrics are sent.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint.Length > 0 && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Query: "" }))
            yield return new($"\"{Endpoint}\" is not an address such as http://collector:4318", [nameof(Endpoint)]);
        foreach (var (name, value) in Headers)
        {
            // They are written in one line, "name=value,name=value".
            if (name.Length == 0 || name.AsSpan().IndexOfAny(",= ") >= 0 || value.Contains(',', StringComparison.Ordinal)) yield return new($"\"{name}\" is no header, or its value has a comma", [nameof(Headers)]);
        }
    }
}

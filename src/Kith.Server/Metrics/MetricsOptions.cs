using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Server.Metrics;

public sealed record MetricsOptions : IValidatableObject
{
    [Description("Where /metrics is answered, in Prometheus' form, such as http://127.0.0.1:9464. An address of its own, which the public should not reach. Empty: nowhere.")]
    public string Address { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address.Length > 0 && !(Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri is { Scheme: "http", AbsolutePath: "/" }))
            yield return new($"\"{Address}\" is not an address such as http://127.0.0.1:9464", [nameof(Address)]);
    }
}

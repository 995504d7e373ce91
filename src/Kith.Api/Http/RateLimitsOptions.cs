using System.ComponentModel;

namespace Kith.Api.Http;

public sealed record RateLimitsOptions
{
    [Description("Whether requests are limited at all. Off, replies carry no rate-limit headers.")]
    public bool Enabled { get; init; } = true;
}

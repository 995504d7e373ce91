using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Api.Http;

public sealed record RateLimitsOptions
{
    [Description("Whether requests are limited at all. Off, replies carry no rate-limit headers.")]
    public bool Enabled { get; init; } = true;

    [Description("Requests of one user (without a token: of one address) in a second, over all routes.")]
    [Range(1, 1_000_000)]
    public int GlobalPerSecond { get; init; } = 50;

    [Description("Requests of one address in ten minutes that may end with 401, 403 or 429; after that, all of the address' are refused until the ten minutes are over.")]
    [Range(1, 100_000_000)]
    public int InvalidPerTenMinutes { get; init; } = 10_000;

    [Description("Attempts to log in, second factors included, from one address in a minute.")]
    [Range(1, 1_000_000)]
    public int LoginsPerMinute { get; init; } = 10;

    [Description("Attempts to register from one address in an hour.")]
    [Range(1, 1_000_000)]
    public int RegistrationsPerHour { get; init; } = 20;

    [Description("Multiplies what each route allows (limits.md): 2 allows twice as much.")]
    [Range(0.01, 10_000.0)]
    public double RouteFactor { get; init; } = 1;
}

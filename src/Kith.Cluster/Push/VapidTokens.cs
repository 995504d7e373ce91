using System.Collections.Concurrent;
using Kith.Engine.Push;

namespace Kith.Cluster.Push;

/// <summary>The <c>Authorization</c> of requests to push services (RFC 8292): who we are, signed for each service by itself and for half a day.</summary>
public sealed class VapidTokens(VapidKeys keys, PushOptions options, TimeProvider clock)
{
    /// <summary>RFC 8292 allows a day.</summary>
    static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>A token is made anew when only this much is left of it.</summary>
    static readonly TimeSpan Reserve = TimeSpan.FromHours(1);

    /// <summary>Services remembered; users choose them, so there may be any number.</summary>
    const int Capacity = 1000;

    readonly ConcurrentDictionary<string, (string Header, DateTimeOffset Ends)> made = new(StringComparer.Ordinal);

    public async ValueTask<string> HeaderAsync(Uri endpoint, CancellationToken ct)
    {
        var audience = endpoint.GetLeftPart(UriPartial.Authority);
        var now = clock.GetUtcNow();
        if (made.TryGetValue(audience, out var known) && known.Ends - now > Reserve) return known.Header;
        var key = await keys.GetAsync(ct);
        var header = $"vapid t={Token(key, audience, Subject, now + Life)}, k={key.PublicKey}";
        if (made.Count >= Capacity) made.Clear();
        made[audience] = (header, now + Life);
        return header;
    }

    string Subject => options.Contact.Length > 0 ? options.Contact : options.PublicUrl.Length > 0 ? options.PublicUrl : "mailto:admin@localhost";

    public static string Token(VapidKey key, string audience, string subject, DateTimeOffset ends) => JsonWebToken.Make(
        new { typ = "JWT", alg = "ES256" }, new { aud = audience, exp = ends.ToUnixTimeSeconds(), sub = subject }, data => key.Sign(data));
}

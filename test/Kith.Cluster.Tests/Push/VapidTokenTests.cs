using System.Buffers.Text;
using System.Security.Cryptography;
using Kith.Cluster.Push;
using Kith.Cluster.Tests.MySql;
using Kith.Engine.Push;
using Kith.Storage.Sql.Push;
using Kith.Testing;

namespace Kith.Cluster.Tests.Push;

public sealed class VapidTokenTests(MySqlFixture mysql)
{
    static readonly DateTimeOffset Ends = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);

    /// <summary>Signatures are random; all else is compared as it is sent.</summary>
    [Fact]
    public async Task What_is_signed_is_byte_for_byte_that_of_web_push_and_the_signature_holds()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = VapidKey.Of(pair.ExportPkcs8PrivateKey());
        const string audience = "https://push.example.org", subject = "mailto:o'brien+admin@example.org";
        var token = VapidTokens.Token(key, audience, subject, Ends);
        var answers = await WebPushReference.Ask(
            ("headers", new { audience, subject, public_key = key.PublicKey, private_key = Base64Url.EncodeToString(pair.ExportParameters(true).D), expires = Ends.ToUnixTimeSeconds() }),
            ("verify", new { token, public_key = key.PublicKey }),
            ("verify", new { token = token[..^1] + (token[^1] == 'A' ? 'Q' : 'A'), public_key = key.PublicKey }));
        var theirs = answers[0].GetString()!;
        Assert.Equal(Unsigned(theirs), Unsigned($"vapid t={token}, k={key.PublicKey}"));
        Assert.True(answers[1].GetBoolean());
        Assert.False(answers[2].GetBoolean());
    }

    static (string, string) Unsigned(string header)
    {
        var parts = header.Split(", ");
        return (parts[0][..parts[0].LastIndexOf('.')], parts[1]);
    }

    [Fact]
    public async Task A_token_is_kept_for_its_service_and_made_anew_before_it_ends()
    {
        var clock = new ManualTimeProvider();
        var tokens = new VapidTokens(new VapidKeys(new SqlPushSubscriptionStore(mysql.Database)), new PushOptions { Contact = "mailto:admin@example.org" }, clock);
        Task<string> Of(string endpoint) => tokens.HeaderAsync(new Uri(endpoint), default).AsTask();
        var first = await Of("https://push.example.org/a");
        Assert.Equal(first, await Of("https://push.example.org/b"));
        Assert.NotEqual(first, await Of("https://push.example.org:8443/a"));
        clock.Advance(TimeSpan.FromHours(11.5));
        Assert.NotEqual(first, await Of("https://push.example.org/a"));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kith.Testing;

/// <summary>A certificate for 127.0.0.1 that nobody vouches for, in files as the server's options take them; gone at the end.</summary>
public sealed class TemporaryCertificate : IDisposable
{
    public const string Subject = "CN=kith.test";

    readonly TemporaryFolder folder = new();

    public TemporaryCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(ChainFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string ChainFile => Path.Combine(folder.Path, "chain.pem");

    public string KeyFile => Path.Combine(folder.Path, "key.pem");

    public void Dispose() => folder.Dispose();
}

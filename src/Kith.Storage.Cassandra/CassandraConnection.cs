using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cassandra;

namespace Kith.Storage.Cassandra;

/// <summary>How nodes are spoken to.</summary>
static class CassandraConnection
{
    static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(4);

    public static Cluster Build(CassandraOptions options)
    {
        var builder = Cluster.Builder()
            .AddContactPoints(options.Nodes)
            .WithPort(options.Port)
            .WithMaxProtocolVersion((ProtocolVersion)options.Protocol)
            .WithLoadBalancingPolicy(new TokenAwarePolicy(new DCAwareRoundRobinPolicy(options.LocalDatacenter)))
            .WithQueryOptions(new QueryOptions().SetConsistencyLevel(ConsistencyLevel.LocalQuorum).SetSerialConsistencyLevel(ConsistencyLevel.LocalSerial))
            .WithRetryPolicy(new BoundedRetries())
            .WithReconnectionPolicy(new ExponentialReconnectionPolicy((long)FirstRetry.TotalMilliseconds, (long)LastRetry.TotalMilliseconds))
            .WithSocketOptions(new SocketOptions().SetConnectTimeoutMillis((int)options.Timeout.TotalMilliseconds).SetReadTimeoutMillis((int)options.Timeout.TotalMilliseconds));
        if (options.User.Length > 0) builder = builder.WithCredentials(options.User, options.Password);
        if (options.Tls) builder = builder.WithSSL(Tls(options.Authority));
        return builder.Build();
    }

    static SSLOptions Tls(string authority)
    {
        if (authority.Length == 0) return new SSLOptions().SetCertificateRevocationCheck(flag: false);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(authority);
        return new SSLOptions(SslProtocols.None, checkCertificateRevocation: false, (_, certificate, _, errors) => IsSignedBy(roots, certificate, errors));
    }

    /// <summary>The name must fit whoever signed it.</summary>
    static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}

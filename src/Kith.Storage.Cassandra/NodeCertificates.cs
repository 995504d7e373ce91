using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cassandra;
using Kith.Storage.Sql;
using AuthenticationException = System.Security.Authentication.AuthenticationException;

namespace Kith.Storage.Cassandra;

/// <summary>Which certificates nodes may show: signed by whom the options name, or else by whom the system trusts, for the node's address, the name of that, or one of the contact points.</summary>
sealed class NodeCertificates
{
    readonly X509Certificate2Collection? roots;
    readonly IReadOnlyList<string> nodes;

    NodeCertificates(X509Certificate2Collection? roots, IReadOnlyList<string> nodes) => (this.roots, this.nodes) = (roots, nodes);

    /// <exception cref="DatabaseRefusedException">The file has no certificate.</exception>
    public static NodeCertificates Read(CassandraOptions options) => new(options.Authority.Length == 0 ? null : Roots(options.Authority), options.Nodes);

    /// <summary>The driver knows nodes by their addresses; which names a certificate may have is said here.</summary>
    public SSLOptions AsOptions() => new SSLOptions(
        SslProtocols.None, checkCertificateRevocation: false, (sender, certificate, chain, errors) => Accepts(((SslStream)sender).TargetHostName, certificate, chain, errors))
        .SetHostNameResolver(address => address.ToString());

    /// <param name="address">The node's.</param>
    /// <param name="certificate">What it showed.</param>
    /// <param name="sent">With what else it showed: certificates between its own and a root.</param>
    /// <param name="errors">What the system says of it; its names are judged here.</param>
    /// <exception cref="AuthenticationException">With the reason, for the operator.</exception>
    public bool Accepts(string address, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null) throw new AuthenticationException($"the node {address} shows no certificate");
        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (!(roots is null ? (errors & SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None : IsSignedBy(roots, shown, sent)))
            throw new AuthenticationException($"the certificate of the node {address}, {shown.Subject}, is not valid, or {shown.Issuer} who signed it is not trusted (Cassandra:Authority)");
        if (!shown.MatchesHostname(address) && !nodes.Any(n => shown.MatchesHostname(n)) && !shown.MatchesHostname(NameOf(address)))
            throw new AuthenticationException($"the certificate of the node {address}, {shown.Subject}, is for none of its names");
        return true;
    }

    static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    static string NameOf(string address)
    {
        try
        {
            return Dns.GetHostEntry(address).HostName;
        }
        catch (SocketException)
        {
            return address;
        }
    }

    static X509Certificate2Collection Roots(string file)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DatabaseRefusedException($"Cassandra:Authority: {file} cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        return found.Count > 0 ? found : throw new DatabaseRefusedException($"Cassandra:Authority: {file} has no certificate.");
    }
}

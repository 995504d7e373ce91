using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Kith.Testing;

/// <summary>Speaks TLS for a server that does not, as nginx would.</summary>
public sealed class TlsDoor : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ending = new();
    readonly X509Certificate2 certificate;
    readonly Uri target;
    readonly Task accepting;

    public TlsDoor(Uri target, TemporaryCertificate files)
    {
        this.target = target;
        using var pem = X509Certificate2.CreateFromPemFile(files.ChainFile, files.KeyFile);
        certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        Address = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting;
        certificate.Dispose();
        ending.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ending.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException && ending.IsCancellationRequested)
        {
            // The door closes.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var server = new TcpClient { NoDelay = true })
            {
                client.NoDelay = true;
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ending.Token);
                await server.ConnectAsync(target.Host, target.Port, ending.Token);
                // Either end's end is the end of both.
                await Task.WhenAny(tls.CopyToAsync(server.GetStream(), ending.Token), server.GetStream().CopyToAsync(tls, ending.Token));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end went away; the other learns it as this returns.
        }
    }
}

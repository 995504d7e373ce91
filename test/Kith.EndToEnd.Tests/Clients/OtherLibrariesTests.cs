using System.Net;
using System.Net.Sockets;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Clients;

/// <summary>The other libraries that client-rules were read from, each once around.</summary>
public abstract class OtherLibrariesSuite(IKithServer host)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Oceanic_goes_once_around(bool compress)
    {
        var scene = await BotScene.Create(host);
        await scene.Script("oceanic-smoke.js", scene.Settings(host.Address, ("compress", compress))).Run();
    }
}

/// <summary>Against one process.</summary>
public sealed class OtherLibrariesTests(KithHost host) : OtherLibrariesSuite(host)
{
    /// <summary>eris speaks HTTPS only: so this is also a client on a gateway behind the server's own TLS.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eris_goes_once_around_over_tls(bool compress)
    {
        using var certificate = new TemporaryCertificate();
        // Its requests name the host without the port, which it cannot be told: so the gateway's address cannot follow from them.
        var address = $"127.0.0.1:{FreePort()}";
        await using var own = await KithHost.Start(new KithHostSetup
        {
            Options = o => o with
            {
                Urls = $"https://{address}", Gateway = o.Gateway with { Url = $"wss://{address}" },
                Http = o.Http with { Certificate = certificate.ChainFile, CertificateKey = certificate.KeyFile },
            },
        });
        var scene = await BotScene.Create(own);
        await scene.Script("eris-smoke.js", scene.Settings(own.Address, ("compress", compress))).Run();
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

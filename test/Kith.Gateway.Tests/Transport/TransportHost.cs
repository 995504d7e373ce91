using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Gateway.Transport.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

/// <summary>Kestrel over our transport on a free port, with a gateway at <c>/</c> whose handler the test gives, and a few HTTP routes.</summary>
sealed class TransportHost : IAsyncDisposable
{
    readonly WebApplication _app;

    TransportHost(WebApplication app, int port, LogRecord log)
    {
        _app = app;
        Port = port;
        Log = log;
    }

    public int Port { get; }

    public LogRecord Log { get; }

    public GatewayTransport Gateway => _app.Services.GetRequiredService<GatewayTransport>();

    public IServiceProvider Services => _app.Services;

    public static Task<TransportHost> Start(IGatewayConnectionHandler handler, Setup? setup = null) => Start(() => handler, setup);

    public static async Task<TransportHost> Start(Func<IGatewayConnectionHandler> handler, Setup? setup = null)
    {
        setup ??= new Setup();
        var log = new LogRecord();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRoutingCore().AddGatewayTransport();
        builder.Services.Configure<GatewayTransportOptions>(options => setup.Options?.Invoke(options));
        if (setup.Time is not null)
            builder.Services.Replace(ServiceDescriptor.Singleton(setup.Time));
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (setup.OwnTransportOfKestrel)
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(EpollTransportFactory)));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            setup.Kestrel?.Invoke(kestrel);
            if (setup.UnixPath is not null)
                kestrel.ListenUnixSocket(setup.UnixPath);
            kestrel.Listen(setup.Address, 0, listen =>
            {
                listen.Protocols = setup.Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (setup.Certificate is not null)
                    listen.UseHttps(setup.Certificate);
            });
        });
        var app = builder.Build();
        Map(app, handler, setup);
        await app.StartAsync();
        return new TransportHost(app, new Uri(app.Urls.Last()).Port, log);
    }

    static void Map(WebApplication app, Func<IGatewayConnectionHandler> handler, Setup setup)
    {
        app.Map("/", async (HttpContext context, GatewayUpgrade upgrade) =>
        {
            var encoding = context.Request.Query["compress"] == "zlib-stream" ? PayloadEncoding.ZlibStream : PayloadEncoding.Json;
            await upgrade.Accept(context, handler(), encoding, setup.Loop?.Invoke(context));
        });
        app.MapGet("/hello", () => "hello");
        app.MapGet("/bytes/{count:int}", (int count) => Results.Bytes(Pattern(count)));
        app.MapGet("/who", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Connection.RemotePort} {context.Connection.LocalPort}");
        app.MapPost("/sum", async (HttpContext context) =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[8192];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var length)
                hash.AppendData(buffer, 0, length);
            return Convert.ToHexString(hash.GetHashAndReset());
        });
        setup.Map?.Invoke(app);
    }

    public static byte[] Pattern(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(i * 7 + (i >> 8));
        return bytes;
    }

    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public sealed record Setup
    {
        public Action<GatewayTransportOptions>? Options { get; init; }

        public Action<KestrelServerOptions>? Kestrel { get; init; }

        public Action<WebApplication>? Map { get; init; }

        public Func<HttpContext, GatewayLoop?>? Loop { get; init; }

        public TimeProvider? Time { get; init; }

        public X509Certificate2? Certificate { get; init; }

        public string? UnixPath { get; init; }

        /// <summary>As on another system than Linux.</summary>
        public bool OwnTransportOfKestrel { get; init; }

        public IPAddress Address { get; init; } = IPAddress.Loopback;
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kith.Engine.Admin;
using Kith.Gateway;
using Kith.Gateway.Transport;
using Kith.Server.Configuration;
using Kith.Server.Http;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Kith.Server.Composition;

static class HttpComposition
{
    /// <summary>What clients on other origins may read of a reply.</summary>
    static readonly string[] ExposedHeaders =
    [
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Bucket", "X-RateLimit-Global",
        "X-RateLimit-Scope", "Retry-After", "Location", "Upload-Offset", "Upload-Length",
    ];

    public static void AddHttp(this WebApplicationBuilder builder, KithOptions options)
    {
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Http.MaxRequestBytes;
            kestrel.Limits.RequestHeadersTimeout = options.Http.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = options.Http.KeepAlive;
        });
        if (options.Http.Certificate.Length > 0)
        {
            var certificate = ReadCertificate(options.Http);
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        }

        builder.Services.Configure<GatewayTransportOptions>(transport => transport.Arrivals = options.Http.ConnectionsPerSecond);
        builder.Services.AddRoutingCore();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Http.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ExposedHeaders).SetPreflightMaxAge(TimeSpan.FromHours(2))));
        builder.Services.AddSingleton<ReadinessEndpoint>().AddSingleton<IHealth>(s => s.GetRequiredService<ReadinessEndpoint>()).AddSingleton<InstanceStatistics>();
    }

    /// <summary>Everything around the endpoints, in the order in which a request meets it.</summary>
    public static void UseHttp(this WebApplication app, KithOptions options)
    {
        if (options.Http.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(options.Http));
        if (options.Does(Roles.Gateway)) app.UseGateway();
        app.UseMiddleware<ResponseHeaders>();
        app.UseRouting();
        if (options.Http.AllowedOrigins.Count > 0) app.UseCors();
        if (options.Web.Enabled) app.UseMiddleware<WebClientMiddleware>(WebClientFiles.Load(options.Web));
        app.UseMiddleware<UnknownRoutes>();
        var unsubscribe = app.Services.GetRequiredService<UnsubscribeEndpoint>();
        app.MapGet("/unsubscribe", unsubscribe.AskAsync);
        app.MapPost("/unsubscribe", unsubscribe.EndAsync);
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", app.Services.GetRequiredService<ReadinessEndpoint>().AnswerAsync);
    }

    static ForwardedHeadersOptions Forwarded(HttpOptions options)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address)) forwarded.KnownProxies.Add(address);
            else forwarded.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
        }

        return forwarded;
    }

    static X509Certificate2 ReadCertificate(HttpOptions options)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
            // Keys read from PEM are of a kind that not every TLS stack takes; PKCS#12 always works.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"The certificate {options.Certificate} (Http:Certificate) with the key {options.CertificateKey} cannot be used: {e.Message}", e);
        }
    }
}

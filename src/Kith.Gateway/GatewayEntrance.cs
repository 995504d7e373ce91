using Kith.Engine.Delivery;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kith.Gateway;

/// <summary>Where HTTP requests become gateway connections: <c>/</c>, <c>/gateway</c> and <c>/gateway/</c>, with any query, if they ask for a WebSocket.</summary>
sealed class GatewayEntrance(GatewayNode node, SessionStarter starter, GatewayUpgrade upgrade, GatewayOptions options)
{
    const int NewestVersion = 10;
    const int OldestVersion = 9;

    public static bool IsFor(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Upgrade) && request.Path.Value is "" or "/" or "/gateway" or "/gateway/"
            && request.Headers[HeaderNames.Upgrade].ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    public async Task AcceptAsync(HttpContext http)
    {
        if (node.IsStopping)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var query = http.Request.Query;
        var encoding = query["compress"] == "zlib-stream" ? PayloadEncoding.ZlibStream : PayloadEncoding.Json;
        var (version, refusal) = ReadVersion(query["v"], query["encoding"]);
        await upgrade.Accept(http, new Visitor(node, starter, new Handshake(options.AddressFor(http.Request), version, refusal)), encoding);
    }

    /// <summary>What is not JSON is refused like a version that is not spoken here.</summary>
    static (int Version, GatewayCloseCode? Refusal) ReadVersion(string? version, string? encoding)
    {
        var number = NewestVersion;
        var known = string.IsNullOrEmpty(version) || (int.TryParse(version, out number) && number is >= OldestVersion and <= NewestVersion);
        return (number, known && encoding is null or "" or "json" ? null : GatewayCloseCode.InvalidVersion);
    }
}

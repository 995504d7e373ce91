using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Engine.Push;

namespace Kith.Engine.Media.Previews;

/// <summary>
/// Fetches pages that strangers name, and nothing that only this server can reach: the address is judged at the moment it is connected to, for every redirect anew, so that no name can
/// change its meaning in between. Bounded in time, bytes and redirects; no cookies, no proxy, nothing unpacked.
/// </summary>
public sealed class LinkFetcher : IDisposable
{
    /// <summary>Where a page says what it is.</summary>
    const int MaxBytes = 512 * 1024;

    const int MaxRedirects = 3;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    readonly HttpClient client;
    readonly Func<IPAddress, bool> isAllowed;
    readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    readonly TimeSpan patience;

    public LinkFetcher()
        : this(PublicAddress.Is, Dns.GetHostAddressesAsync, Patience)
    {
    }

    public LinkFetcher(Func<IPAddress, bool> isAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan patience)
    {
        (this.isAllowed, this.resolve, this.patience) = (isAllowed, resolve, patience);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ConnectCallback = ConnectAsync,
            // A connection is not kept for a name that may mean something else by then.
            PooledConnectionLifetime = TimeSpan.Zero, MaxResponseHeadersLength = 32,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; Kith link preview)");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml");
    }

    /// <summary>The beginning of an HTML page, and where it was found in the end; null for anything else, and for what may not or cannot be fetched.</summary>
    public async Task<(Uri Address, string Html)?> FetchAsync(Uri address, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0) return null;
                using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if (response.Headers.Location is { } target && (int)response.StatusCode is >= 300 and < 400)
                {
                    address = new Uri(address, target);
                    continue;
                }

                if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType is not ("text/html" or "application/xhtml+xml")) return null;
                return (address, await ReadAsync(response.Content, limit.Token));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or UriFormatException or InvalidOperationException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Not there, not allowed, too slow: there is no preview.
        }

        return null;
    }

    public void Dispose() => client.Dispose();

    static async Task<string> ReadAsync(HttpContent content, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        using var page = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (page.Length < MaxBytes && (read = await stream.ReadAsync(buffer, ct)) > 0)
            page.Write(buffer, 0, read);
        var isLatin = content.Headers.ContentType?.CharSet?.Trim('"').ToUpperInvariant() is "ISO-8859-1" or "LATIN1" or "WINDOWS-1252";
        return (isLatin ? Encoding.Latin1 : Encoding.UTF8).GetString(page.GetBuffer(), 0, (int)page.Length);
    }

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, ct);
        // One that is not allowed spoils all: who names both means the other.
        if (addresses.Length == 0 || !addresses.All(isAllowed)) throw new HttpRequestException($"{host} has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

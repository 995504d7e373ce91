using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Engine.Push;

namespace Kith.Cluster.Push;

/// <summary>
/// Requests to push services: bounded in time, without redirects, and where users choose the address only to public ones, unless the options allow others. The address is checked
/// when it is connected to, so a name cannot change its meaning between check and use.
/// </summary>
public sealed class PushHttp : IDisposable
{
    /// <summary>Bytes of an answer that are read; a token of Google's has one or two thousand.</summary>
    const int MaxText = 16 * 1024;

    /// <summary>Characters of it that are shown to people.</summary>
    const int MaxDetail = 300;

    readonly PushOptions options;
    readonly bool publicOnly;
    readonly HttpClient client;

    PushHttp(PushOptions options, bool publicOnly)
    {
        (this.options, this.publicOnly) = (options, publicOnly);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = options.Timeout, ConnectCallback = ConnectAsync,
            // Long enough that a connection serves many, short enough that a service may move.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), EnableMultipleHttp2Connections = true, MaxConnectionsPerServer = options.RequestsPerService,
        }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For addresses that users chose.</summary>
    public static PushHttp ToUsers(PushOptions options) => new(options, publicOnly: !options.AllowPrivateAddresses);

    /// <summary>For addresses that the operator chose.</summary>
    public static PushHttp ToServices(PushOptions options) => new(options, publicOnly: false);

    /// <summary>Null status: nothing was answered. The detail says why.</summary>
    public async Task<PushReply> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var (detail, text) = await ReadAsync(response, limit.Token);
            return new PushReply(response.StatusCode, detail, RetryAfter(response)) { Text = text };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new PushReply(null, $"no answer within {options.Timeout.TotalSeconds:0.#} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new PushReply(null, (e.InnerException ?? e).Message, null) { IsForbidden = e.InnerException is ForbiddenAddressException };
        }
    }

    public void Dispose() => client.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var host = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(host.Host, ct);
        if (publicOnly) addresses = [.. addresses.Where(PublicAddress.Is)];
        if (addresses.Length == 0) throw new ForbiddenAddressException($"{host.Host} has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static async Task<(string Detail, string Text)> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var buffer = new byte[MaxText];
        var read = await (await response.Content.ReadAsStreamAsync(ct)).ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        var text = Encoding.UTF8.GetString(buffer, 0, read);
        if (response.IsSuccessStatusCode) return (status, text);
        var shown = new string([.. text.Where(c => !char.IsControl(c)).Take(MaxDetail)]).Trim();
        return (shown.Length == 0 ? status : $"{status}: {shown}", text);
    }

    static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } until } => until - (response.Headers.Date ?? DateTimeOffset.UtcNow) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };
}

/// <summary>Where an address leads that pushes must not go to.</summary>
public sealed class ForbiddenAddressException(string message) : IOException(message);

/// <param name="Status">Null where nothing was answered.</param>
public sealed record PushReply(HttpStatusCode? Status, string Detail, TimeSpan? RetryAfter)
{
    public bool IsForbidden { get; init; }

    /// <summary>The answer's beginning.</summary>
    public string Text { get; init; } = "";

    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>What most services mean by their status codes: 404 and 410 that the device is gone, 429 and 5xx that one should wait.</summary>
    public PushAnswer ToAnswer() => Status switch
    {
        _ when IsSuccess => new PushAnswer(PushVerdict.Accepted, Detail),
        null => new PushAnswer(IsForbidden ? PushVerdict.Refused : PushVerdict.Retry, Detail),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new PushAnswer(PushVerdict.Gone, Detail),
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => new PushAnswer(PushVerdict.Retry, Detail, RetryAfter),
        { } status when (int)status >= 500 => new PushAnswer(PushVerdict.Retry, Detail, RetryAfter),
        _ => new PushAnswer(PushVerdict.Refused, Detail),
    };
}

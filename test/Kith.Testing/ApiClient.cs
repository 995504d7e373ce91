using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using Kith.Protocol;
using Xunit;

namespace Kith.Testing;

/// <summary>
/// HTTP for tests: bodies are any object, written as the wire writes it; every answer is checked against Discord's published document, and for what every client
/// relies on, before the test sees it. Paths are below /api/v10.
/// </summary>
public sealed class ApiClient(Uri address, string? token, ServerLog? log = null)
{
    static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false,
        // Beside certificates that are vouched for, the one that tests make for their own server.
        SslOptions =
        {
            RemoteCertificateValidationCallback = static (_, certificate, _, errors) => errors == SslPolicyErrors.None || certificate?.Subject == TemporaryCertificate.Subject,
        },
    });

    public Uri Address => address;

    public string? Token => token;

    /// <summary>The same server, asked with another token.</summary>
    public ApiClient With(string? other) => new(address, other, log);

    public Task<ApiReply> Get(string path) => Send(HttpMethod.Get, path);

    public Task<ApiReply> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body ?? new { });

    public Task<ApiReply> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body);

    public Task<ApiReply> Patch(string path, object? body = null) => Send(HttpMethod.Patch, path, body ?? new { });

    public Task<ApiReply> Delete(string path, object? body = null) => Send(HttpMethod.Delete, path, body);

    /// <param name="body">An object, or <see cref="HttpContent"/> to be sent as it is.</param>
    /// <param name="reason">For the audit log.</param>
    public async Task<ApiReply> Send(HttpMethod method, string path, object? body = null, string? reason = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, "/api/v10" + path));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        if (reason is not null) request.Headers.TryAddWithoutValidation("X-Audit-Log-Reason", Uri.EscapeDataString(reason));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => Json(JsonSerializer.SerializeToUtf8Bytes(body, Wire.Options)),
        };
        return await Send(request);
    }

    /// <summary>A request made by hand, with whatever headers and path it has.</summary>
    public async Task<ApiReply> Send(HttpRequestMessage request)
    {
        using var timeout = new CancellationTokenSource(Deadline.Default);
        using var response = await Http.SendAsync(request, timeout.Token);
        var text = await response.Content.ReadAsStringAsync(timeout.Token);
        var reply = new ApiReply($"{request.Method} {request.RequestUri!.PathAndQuery}", (int)response.StatusCode, response.Headers, response.Content.Headers, text);
        await Check(reply, request.Method.Method, request.RequestUri.AbsolutePath);
        return reply;
    }

    public static ByteArrayContent Json(byte[] utf8) => new(utf8) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    async Task Check(ApiReply reply, string method, string path)
    {
        if (reply.Status >= 500 && log?.Errors.LastOrDefault() is { } error)
            Assert.Fail($"{reply.Request} answered {reply.Status}; the server's log says:\n{error}");
        if (Path(path) is not { } known) return;
        if (reply.Text.Length > 0 && reply.Header("Content-Type") is var type && type != "application/json")
            Assert.Fail($"{reply.Request} answered {reply.Status} with Content-Type {type ?? "(none)"}; clients need exactly application/json.");
        if (await ReplyValidator.Check(method, known, reply.Status, reply.Text) is { Count: > 0 } errors)
            Assert.Fail($"{reply.Request} answered {reply.Status} with what Discord's API document does not allow:\n  {string.Join("\n  ", errors)}\n{Shorten(reply.Text)}");
    }

    /// <summary>The path below the API's prefix; null for a path outside.</summary>
    static string? Path(string path) =>
        path.StartsWith("/api/v10/", StringComparison.Ordinal) ? path["/api/v10".Length..]
        : path.StartsWith("/api/v9/", StringComparison.Ordinal) ? path["/api/v9".Length..]
        : null;

    static string Shorten(string text) => text.Length <= 2000 ? text : $"{text[..2000]}… ({text.Length} characters)";
}

using System.Net.Http.Headers;
using System.Text.Json;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Which failures of a request may be answered by sending it again.</summary>
public enum Repeat
{
    /// <summary>As the method says: GET, PUT and DELETE repeat, the rest only after a 429.</summary>
    ByMethod,

    /// <summary>Also after a lost answer, because the server recognizes the repetition (a nonce).</summary>
    Safe,
}

/// <summary>
/// Requests to /api/v10: one JSON body in, one out. Keeps to the rate limits that answers announce, waits out a 429, and repeats what is safe to repeat.
/// The typed calls are on <see cref="KithRest"/>; this is for those it lacks. Safe for any number of threads.
/// </summary>
public sealed class RestClient : IDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    readonly KithClientOptions options;
    readonly HttpClient http;
    readonly RateLimiter limiter;

    public RestClient(KithClientOptions options)
    {
        this.options = options;
        limiter = new RateLimiter(options.Clock);
        http = options.Handler is { } handler
            ? new HttpClient(handler, disposeHandler: false)
            : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <param name="path">Below /api/v10, beginning with a slash.</param>
    /// <param name="body">Written as JSON; null for none.</param>
    /// <param name="reason">For the audit log.</param>
    /// <exception cref="RestException">The server refused.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached, and the request could not be repeated or was repeated in vain.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken ct, Repeat repeat = Repeat.ByMethod, string? reason = null) =>
        JsonSerializer.Deserialize<T>(await SendAsync(method, path, body, ct, repeat, reason), Wire.Options)
            ?? throw new RestException(200, 0, $"{method} {path} answered null.");

    /// <summary>The answer's body as it came; empty for a 204.</summary>
    public async Task<byte[]> SendAsync(
        HttpMethod method, string path, object? body, CancellationToken ct, Repeat repeat = Repeat.ByMethod, string? reason = null)
    {
        var json = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Wire.Options);
        var repeatable = repeat == Repeat.Safe || method == HttpMethod.Get || method == HttpMethod.Put || method == HttpMethod.Delete;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await SendOnceAsync(method, path, json, reason, ct);
                var answer = await response.Content.ReadAsByteArrayAsync(ct);
                if (response.IsSuccessStatusCode) return answer;
                if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests) await WaitOutAsync(answer, attempt, ct);
                else if ((int)response.StatusCode < 500 || !repeatable || attempt == options.Attempts) throw Refusal((int)response.StatusCode, answer);
                else await PauseAsync(attempt, ct);
            }
            catch (HttpRequestException) when (repeatable && attempt < options.Attempts)
            {
                await PauseAsync(attempt, ct);
            }
        }
    }

    public void Dispose() => http.Dispose();

    async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, byte[]? json, string? reason, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(options.Address, "/api/v10" + path));
        if (options.Token is { } token) request.Headers.TryAddWithoutValidation("Authorization", token);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (reason is not null) request.Headers.TryAddWithoutValidation("X-Audit-Log-Reason", Uri.EscapeDataString(reason));
        if (json is not null) request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var bucket = await limiter.Enter(method.Method, path, ct);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, ct);
            return response;
        }
        finally
        {
            limiter.Leave(bucket, method.Method, path, response?.Headers);
        }
    }

    async Task WaitOutAsync(byte[] answer, int attempt, CancellationToken ct)
    {
        var body = JsonDocument.Parse(answer).RootElement;
        var wait = TimeSpan.FromSeconds(body.GetProperty("retry_after").GetDouble());
        var global = body.TryGetProperty("global", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (global) limiter.PauseAll(wait);
        if (wait > options.MaxRateLimitWait || attempt == options.Attempts) throw new RateLimitedException(wait, global);
        await Task.Delay(wait, options.Clock, ct);
    }

    /// <summary>Doubles from attempt to attempt; half of it is chance, so that clients cut off together do not return together.</summary>
    Task PauseAsync(int attempt, CancellationToken ct) =>
        Task.Delay(FirstPause * Math.Pow(2, attempt - 1) * (0.5 + (Random.Shared.NextDouble() / 2)), options.Clock, ct);

    static RestException Refusal(int status, byte[] answer)
    {
        try
        {
            var body = JsonDocument.Parse(answer).RootElement;
            return new RestException(status, body.GetProperty("code").GetInt32(), body.GetProperty("message").GetString()!,
                body.TryGetProperty("errors", out var errors) ? errors : default);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A proxy in between answered, not the server.
            return new RestException(status, 0, System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 200))));
        }
    }
}

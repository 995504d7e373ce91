using System.Net;
using System.Text;

namespace Kith.EndToEnd.Tests.Client;

/// <summary>Answers requests as a test says, without a network: for rate limits and failures, which a real server gives only by chance.</summary>
sealed class ScriptedServer : HttpMessageHandler
{
    readonly Queue<Func<HttpRequestMessage, Task<HttpResponseMessage>>> answers = new();

    public List<(string Line, string Body)> Requests { get; } = [];

    /// <summary>How many requests have come so far.</summary>
    public int Count
    {
        get
        {
            lock (Requests) return Requests.Count;
        }
    }

    public ScriptedServer Answer(int status, string body = "{}", params (string Name, string Value)[] headers) =>
        Answer(_ => Task.FromResult(Response(status, body, headers)));

    public ScriptedServer Answer(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer)
    {
        lock (answers) answers.Enqueue(answer);
        return this;
    }

    /// <summary>The headers of a bucket.</summary>
    public static (string, string)[] Bucket(string name, int limit, int remaining, double resetAfter) =>
    [
        ("X-RateLimit-Bucket", name), ("X-RateLimit-Limit", $"{limit}"), ("X-RateLimit-Remaining", $"{remaining}"), ("X-RateLimit-Reset-After", $"{resetAfter}"),
    ];

    public static HttpResponseMessage Response(int status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Requests) Requests.Add(($"{request.Method} {request.RequestUri!.PathAndQuery["/api/v10".Length..]}", body));
        Func<HttpRequestMessage, Task<HttpResponseMessage>> answer;
        lock (answers) answer = answers.Dequeue();
        return await answer(request);
    }
}

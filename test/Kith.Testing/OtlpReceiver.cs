using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Kith.Testing;

/// <summary>A span as it came. Ids in hex; <paramref name="Parent"/> is empty where it has none.</summary>
/// <param name="Roles">Of the process that it happened in.</param>
public sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, string Roles);

/// <summary>A collector of OpenTelemetry that takes OTLP over HTTP and keeps what came; decodes the few fields of opentelemetry-proto that tests ask for.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    readonly ConcurrentQueue<ReceivedSpan> spans = new();
    readonly ConcurrentDictionary<string, bool> metrics = new(StringComparer.Ordinal);
    readonly WebApplication app;

    OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        app = builder.Build();
        app.MapPost("/v1/traces", http => TakeAsync(http, TakeTraces));
        app.MapPost("/v1/metrics", http => TakeAsync(http, TakeMetrics));
    }

    public Uri Address => new(app.Urls.First());

    /// <summary>Names of all that was counted.</summary>
    public IEnumerable<string> Metrics => metrics.Keys;

    public static async Task<OtlpReceiver> Start()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    public ReceivedSpan[] Of(string trace) => [.. spans.Where(s => s.Trace == trace)];

    /// <summary>A trace id that every sampler by ratio chooses, which take the one half or the other for a number, or none chooses.</summary>
    public static string NewTrace(bool chosen)
    {
        var half = chosen ? "00000000" : "7fffffff";
        return half + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + half + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    }

    /// <summary>Sends a message as a client that traces: returns the id of its own span.</summary>
    public static async Task<string> Send(TestUser user, Domain.ChannelId channel, string content, string trace)
    {
        var span = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(user.Api.Address, $"/api/v10/channels/{channel}/messages"));
        request.Headers.TryAddWithoutValidation("Authorization", user.Token);
        request.Headers.Add("traceparent", $"00-{trace}-{span}-01");
        request.Content = ApiClient.Json(Protocol.Wire.Utf8(new Dictionary<string, string>(StringComparer.Ordinal) { ["content"] = content }));
        (await user.Api.Send(request)).Ok();
        return span;
    }

    /// <summary>The spans of the trace, once there is one of each name; from the request to the socket each is a step of the one before.</summary>
    public async Task<ReceivedSpan[]> MessageTrace(string trace, string caller)
    {
        string[] steps = ["send", "store", "publish", "deliver", "write"];
        await Deadline.Until(
            () => Task.FromResult(Of(trace)), came => Array.TrueForAll(steps, step => Array.Exists(came, s => s.Name == step)) && Array.Exists(came, s => s.Parent == caller), $"all steps of {trace}");
        var all = Of(trace);
        var request = Assert.Single(all, s => s.Parent == caller);
        var send = Assert.Single(all, s => s.Name == "send");
        var deliver = Assert.Single(all, s => s.Name == "deliver");
        Assert.Equal(request.Id, send.Parent);
        Assert.Equal([send.Id, send.Id, send.Id], new[] { "store", "publish", "deliver" }.Select(name => Assert.Single(all, s => s.Name == name).Parent));
        Assert.All(all.Where(s => s.Name == "write"), w => Assert.Equal(deliver.Id, w.Parent));
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    static async Task TakeAsync(HttpContext http, Action<ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        take(body.ToArray());
        // An empty answer is a success without anything to say.
        http.Response.ContentType = "application/x-protobuf";
    }

    void TakeTraces(ReadOnlyMemory<byte> request)
    {
        foreach (var ofResource in Messages(request, 1))
        {
            var roles = Messages(ofResource, 1).SelectMany(resource => Messages(resource, 1)).Where(a => Texts(a, 1).Contains("kith.roles")).Select(a => Texts(Messages(a, 2).First(), 1).First()).FirstOrDefault("");
            foreach (var span in Messages(ofResource, 2).SelectMany(scope => Messages(scope, 2)))
                spans.Enqueue(new ReceivedSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), Texts(span, 5).First(), roles));
        }
    }

    void TakeMetrics(ReadOnlyMemory<byte> request)
    {
        foreach (var metric in Messages(request, 1).SelectMany(resource => Messages(resource, 2)).SelectMany(scope => Messages(scope, 2)))
            metrics[Texts(metric, 1).First()] = true;
    }

    static string Hex(ReadOnlyMemory<byte> message, int field) => Messages(message, field).Select(b => Convert.ToHexStringLower(b.Span)).FirstOrDefault("");

    static IEnumerable<string> Texts(ReadOnlyMemory<byte> message, int field) => Messages(message, field).Select(b => Encoding.UTF8.GetString(b.Span));

    /// <summary>What a message has in a field of bytes, text or messages.</summary>
    static List<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
    {
        List<ReadOnlyMemory<byte>> found = [];
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message.Span, ref at);
            switch (key & 7)
            {
                case 0: Number(message.Span, ref at); break;
                case 1: at += sizeof(ulong); break;
                case 5: at += sizeof(uint); break;
                case 2:
                    var length = (int)Number(message.Span, ref at);
                    if ((int)(key >> 3) == field) found.Add(message.Slice(at, length));
                    at += length;
                    break;
                default: throw new InvalidDataException($"Wire type {key & 7}.");
            }
        }

        return found;
    }

    static ulong Number(ReadOnlySpan<byte> from, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = from[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }
    }
}

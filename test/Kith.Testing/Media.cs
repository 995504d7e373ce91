using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Kith.Testing;

/// <summary>A file to upload, or as it was delivered.</summary>
public sealed record TestFile(string Name, byte[] Content)
{
    public static TestFile Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes that are no known type, and not the same for two seeds.</summary>
    public static TestFile Noise(string name, int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        if (length > 0) bytes[0] = 0;
        return new TestFile(name, bytes);
    }
}

/// <summary>An answer of an address of media.</summary>
public sealed record FileAnswer(int Status, byte[] Content, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public FileAnswer Expect(int status)
    {
        if (Status != status) Assert.Fail($"{Status}, not {status}: {Encoding.UTF8.GetString(Content.AsSpan(0, Math.Min(500, Content.Length)))}");
        return this;
    }
}

/// <summary>Uploads and downloads of tests.</summary>
public static class Media
{
    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>A test that cleans up itself, and counts what was cleaned, has no sweep beside it.</summary>
    public static void WithoutSweep(this IServiceCollection services) => services.Remove(services.Single(s => s.ImplementationType == typeof(MediaSweep)));

    /// <summary>A form with <c>payload_json</c> and <c>files[n]</c>, numbered from 0.</summary>
    public static MultipartFormDataContent Form(object? payload, params TestFile[] files)
    {
        var form = new MultipartFormDataContent();
        if (payload is not null) form.Add(new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(payload, Wire.Options)), "payload_json");
        for (var i = 0; i < files.Length; i++)
            form.Add(new ByteArrayContent(files[i].Content), $"files[{i}]", files[i].Name);
        return form;
    }

    public static Task<ApiReply> PostFiles(this TestUser user, ChannelId channel, object? payload, params TestFile[] files) =>
        user.Api.Post($"/channels/{channel}/messages", Form(payload, files));

    public static async Task<JsonElement> SendFiles(this TestUser user, ChannelId channel, params TestFile[] files) => (await user.PostFiles(channel, new { content = "" }, files)).Ok(200);

    /// <summary>The address of a message's only file.</summary>
    public static string Url(this JsonElement message) => message.Items("attachments").Single().Str("url")!;

    /// <summary>Announces a file: its name for a message, and where to put it.</summary>
    public static async Task<(string Name, string? Url, JsonElement Json)> Announce(this TestUser user, ChannelId channel, string filename, long size)
    {
        var answer = (await user.Api.Post($"/channels/{channel}/attachments", new { files = new[] { new { id = 3, filename, file_size = size } } })).Ok().Items("attachments").Single();
        return (answer.Str("upload_filename")!, answer.Str("upload_url"), answer);
    }

    /// <summary>Sends a message with a file that was uploaded before.</summary>
    public static Task<ApiReply> PostUploaded(this TestUser user, ChannelId channel, string uploadedFilename, IReadOnlyList<string>? parts = null) =>
        user.Api.Post($"/channels/{channel}/messages", new { attachments = new[] { new { id = "0", filename = "any", uploaded_filename = uploadedFilename, uploaded_parts = parts } } });

    public static Task<FileAnswer> Get(string url, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, url, null, headers);

    public static async Task<FileAnswer> Send(HttpMethod method, string url, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new FileAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers);
    }
}

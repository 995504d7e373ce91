using System.IO.Compression;
using System.Net;
using System.Text;
using Kith.Testing;

namespace Kith.Server.Tests.Http;

public sealed class WebClientTests : IDisposable
{
    const string Script = "console.log('a script long enough to be worth compressing')";

    readonly TemporaryFolder folder = new();
    readonly HttpClient http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

    public WebClientTests()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "assets"));
        File.WriteAllText(At("index.html"), "<!doctype html><title>Kith</title>");
        File.WriteAllText(At("sw.js"), "self.skipWaiting()");
        File.WriteAllText(At("assets/index-B7x_k2Qp.js"), Script);
        File.WriteAllBytes(At("assets/index-B7x_k2Qp.js.br"), Compressed(s => new BrotliStream(s, CompressionLevel.Optimal)));
        File.WriteAllBytes(At("assets/index-B7x_k2Qp.js.gz"), Compressed(s => new GZipStream(s, CompressionLevel.Optimal)));
    }

    public void Dispose()
    {
        folder.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task The_page_is_served_at_its_root_and_asked_for_again_every_time()
    {
        await using var host = await Start();
        var page = await Get(host, "/");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("default-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("<title>Kith", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await Get(host, "/", ("If-None-Match", page.Headers.ETag!.ToString()))).StatusCode);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task A_file_comes_in_the_best_encoding_that_both_know(string? accepted, string? encoding)
    {
        await using var host = await Start();
        var reply = accepted is null ? await Get(host, "/assets/index-B7x_k2Qp.js") : await Get(host, "/assets/index-B7x_k2Qp.js", ("Accept-Encoding", accepted));
        Assert.Equal(encoding, reply.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        Assert.Contains("Accept-Encoding", reply.Headers.Vary);
        Assert.Equal(Script, Decode(await reply.Content.ReadAsByteArrayAsync(), encoding));
    }

    [Fact]
    public async Task Names_that_change_with_the_content_are_kept_for_good_and_others_are_not()
    {
        await using var host = await Start();
        Assert.Equal("public, max-age=31536000, immutable", (await Get(host, "/assets/index-B7x_k2Qp.js")).Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", (await Get(host, "/sw.js")).Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("/channels/1/2", "text/html,*/*", HttpStatusCode.OK, "text/html; charset=utf-8")]
    [InlineData("/channels/1/2", "application/json", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/assets/gone-12345678.js", "text/html,*/*", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/api/v10/nope", "text/html", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/../../etc/passwd", "*/*", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd", "*/*", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/index.html.br", "*/*", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/healthz", "text/html", HttpStatusCode.OK, "text/plain; charset=utf-8")]
    public async Task Addresses_of_the_client_get_its_page_and_what_is_not_there_does_not(string path, string accept, HttpStatusCode status, string type)
    {
        await using var host = await Start();
        var reply = await Get(host, path, ("Accept", accept));
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal(type, reply.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Without_a_folder_or_turned_off_there_is_no_page_and_the_rest_works()
    {
        await using var absent = await KithHost.Start(new KithHostSetup { Options = o => o with { Web = new WebOptions { Folder = At("none") } } });
        await using var off = await KithHost.Start(new KithHostSetup { Options = o => o with { Web = new WebOptions { Folder = folder.Path, Enabled = false } } });
        foreach (var host in new[] { absent, off })
        {
            Assert.NotEqual("text/html; charset=utf-8", (await Get(host, "/", ("Accept", "text/html"))).Content.Headers.ContentType?.ToString());
            Assert.Equal(HttpStatusCode.NotFound, (await Get(host, "/channels/1", ("Accept", "text/html"))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await Get(host, "/healthz")).StatusCode);
        }
    }

    [Fact]
    public async Task The_head_of_a_file_has_its_length_and_no_body()
    {
        await using var host = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(host.Address, "/sw.js"));
        var reply = await http.SendAsync(request);
        Assert.Equal("self.skipWaiting()".Length, reply.Content.Headers.ContentLength);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    Task<KithHost> Start() => KithHost.Start(new KithHostSetup { Options = o => o with { Web = new WebOptions { Folder = folder.Path } } });

    Task<HttpResponseMessage> Get(KithHost host, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, path));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request);
    }

    string At(string name) => Path.Combine(folder.Path, name);

    static byte[] Compressed(Func<Stream, Stream> compress)
    {
        using var memory = new MemoryStream();
        using (var stream = compress(memory))
            stream.Write(Encoding.UTF8.GetBytes(Script));
        return memory.ToArray();
    }

    static string Decode(byte[] body, string? encoding)
    {
        using Stream stream = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

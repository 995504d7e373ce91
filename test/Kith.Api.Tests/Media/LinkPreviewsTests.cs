using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Domain;
using Kith.Engine.Media.Previews;
using Kith.Engine.Push;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Media;

/// <summary>Previews of links, and what the fetcher refuses to fetch.</summary>
public sealed class LinkPreviewsTests : IAsyncLifetime
{
    const string Page = """
        <html><head><title>Plain &amp; simple</title><script>"<meta property='og:title' content='from a script'>"</script>
        <meta property="og:title" content="A &quot;title&quot;"><meta content='Some
        text' name='description'><meta property=og:site_name content=Example>
        <meta property="og:image" content="/picture.png"></head><body><meta property="og:title" content="late"></body></html>
        """;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ending = new();
    Task serving = Task.CompletedTask;
    int asked;

    string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public ValueTask InitializeAsync()
    {
        listener.Start();
        serving = ServeAsync();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await serving;
        ending.Dispose();
    }

    /// <summary>Lets through this machine's own address, which stands for the public internet here.</summary>
    static LinkFetcher Open(Func<string, IPAddress[]>? names = null, TimeSpan? patience = null) =>
        new(address => address.Equals(IPAddress.Loopback), (host, _) => Task.FromResult(names?.Invoke(host) ?? [IPAddress.Loopback]), patience ?? TimeSpan.FromSeconds(20));

    Task<(Uri Address, string Html)?> Fetch(LinkFetcher fetcher, string path) => fetcher.FetchAsync(new Uri($"http://{Host}{path}"), default);

    [Fact]
    public async Task A_message_gets_what_the_page_behind_its_link_says_of_itself()
    {
        using var fetcher = Open();
        await using var host = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { LinkPreviews = true } }, Services = s => s.AddSingleton(fetcher) });
        var user = await host.Register();
        var channel = (await user.CreateGuild()).General;
        await using var probe = await GatewayProbe.Login(user);
        var sent = await user.Send(channel, $"look: http://{Host}/page, and <http://{Host}/hidden>!");
        Assert.Empty(sent.Items("embeds"));
        var told = await probe.Next("MESSAGE_UPDATE");
        var embed = Assert.Single(told.Items("embeds"));
        Assert.Equal(("A \"title\"", "Some text", $"http://{Host}/page"), (embed.Str("title"), embed.Str("description"), embed.Str("url")));
        Assert.Equal("Example", embed.GetProperty("provider").Str("name"));
        Assert.Equal($"http://{Host}/picture.png", embed.GetProperty("thumbnail").Str("url"));
        var read = (await user.Api.Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok();
        Assert.Single(read.Items("embeds"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, read.GetProperty("edited_timestamp").ValueKind);
    }

    [Fact]
    public async Task Without_the_option_or_the_permission_nothing_is_fetched()
    {
        using var fetcher = Open();
        await using var off = await KithHost.Start(new() { Services = s => s.AddSingleton(fetcher) });
        var user = await off.Register();
        await user.Send((await user.CreateGuild()).General, $"http://{Host}/page");
        await using var on = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { LinkPreviews = true } }, Services = s => s.AddSingleton(fetcher) });
        var (owner, member) = (await on.Register(), await on.Register());
        var guild = await owner.CreateGuild();
        await guild.Admit(member);
        (await owner.Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny = ((ulong)Permissions.EmbedLinks).ToString() })).Ok(204);
        await member.Send(guild.General, $"http://{Host}/denied");
        await using var probe = await GatewayProbe.Login(owner);
        await owner.Send(guild.General, $"http://{Host}/page");
        await probe.Next("MESSAGE_UPDATE");
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/page")]
    [InlineData("http://localhost:{0}/page")]
    [InlineData("http://[::1]:{0}/page")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/page")]
    [InlineData("http://0.0.0.0:{0}/page")]
    [InlineData("http://2130706433:{0}/page")]
    [InlineData("http://0x7f.1:{0}/page")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://user:secret@127.0.0.1:{0}/page")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:{0}/")]
    public async Task What_only_this_machine_reaches_is_not_fetched(string link)
    {
        using var fetcher = new LinkFetcher();
        Assert.Null(await fetcher.FetchAsync(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, link, Host.Split(':')[1])), default));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task A_name_that_means_a_private_address_is_not_fetched_whatever_it_meant_before()
    {
        // Rebinding: the name is public when it is looked at first and private when it is connected to.
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("93.184.216.34"), IPAddress.Loopback], [IPAddress.Loopback], [IPAddress.Parse("10.0.0.1")]]);
        var lookups = 0;
        using var fetcher = new LinkFetcher(PublicAddress.Is, (_, _) => Task.FromResult(answers.Dequeue()), TimeSpan.FromSeconds(20));
        while (answers.Count > 0)
        {
            Assert.Null(await fetcher.FetchAsync(new Uri($"http://rebinding.example:{Host.Split(':')[1]}/page"), default));
            lookups++;
        }

        Assert.Equal((3, 0), (lookups, asked));
    }

    [Fact]
    public async Task A_redirect_is_judged_as_any_address()
    {
        using var fetcher = Open(host => host == "inside.example" ? [IPAddress.Parse("10.0.0.1")] : [IPAddress.Loopback]);
        Assert.Equal("/page", (await Fetch(fetcher, "/redirect-page"))!.Value.Address.AbsolutePath);
        Assert.Null(await Fetch(fetcher, "/redirect-inside"));
        Assert.Null(await Fetch(fetcher, "/redirect-metadata"));
        Assert.Null(await Fetch(fetcher, "/redirect-file"));
        Assert.Null(await Fetch(fetcher, "/redirect-forever"));
    }

    [Fact]
    public async Task A_page_is_read_up_to_a_bound_in_bytes_and_time()
    {
        using var fetcher = Open();
        Assert.InRange((await Fetch(fetcher, "/endless"))!.Value.Html.Length, 512 * 1024, 560 * 1024);
        Assert.Null(await Fetch(fetcher, "/binary"));
        Assert.Null(await Fetch(fetcher, "/missing"));
        using var hasty = Open(patience: TimeSpan.FromMilliseconds(300));
        Assert.Null(await Fetch(hasty, "/silent"));
    }

    [Theory]
    [InlineData("<title>Only a title</title>", "Only a title")]
    [InlineData("<meta property='og:title' content='<b>raw</b>'>", "<b>raw</b>")]
    [InlineData("<meta name=\"twitter:title\" content=\"from twitter\"><title>x</title>", "from twitter")]
    [InlineData("<title>a\u0000b\r\n  c</title>", "ab c")]
    public void A_title_is_found(string html, string title) => Assert.Equal(title, HtmlPreview.Read(new Uri("http://example.org/"), html)!.Title);

    [Fact]
    public void A_page_that_says_nothing_has_no_preview_and_one_that_says_much_is_cut()
    {
        Assert.Null(HtmlPreview.Read(new Uri("http://example.org/"), "<html><body>text</body></html>"));
        var embed = HtmlPreview.Read(new Uri("http://example.org/"), $"<title>{new string('x', 1000)}</title><meta property='og:image' content='javascript:alert(1)'>")!;
        Assert.Equal(256, embed.Title!.Length);
        Assert.Null(embed.Thumbnail);
    }

    async Task ServeAsync()
    {
        List<Task> answering = [];
        try
        {
            while (true)
                answering.Add(AnswerAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(answering);
        }
    }

    async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            Interlocked.Increment(ref asked);
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(ending.Token))!.Split(' ')[1];
            while (await reader.ReadLineAsync(ending.Token) is { Length: > 0 })
            {
                // Headers are of no interest.
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(Answer(path)), ending.Token);
            if (path == "/silent") await Task.Delay(Timeout.Infinite, ending.Token);
            for (var block = new byte[64 * 1024]; path == "/endless";)
                await stream.WriteAsync(block, ending.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The fetcher has had enough.
        }
    }

    string Answer(string path) => path switch
    {
        "/redirect-page" => Redirect("/page"),
        "/redirect-inside" => Redirect("http://inside.example/"),
        "/redirect-metadata" => Redirect("http://169.254.169.254/latest/"),
        "/redirect-file" => Redirect("file:///etc/passwd"),
        "/redirect-forever" => Redirect("/redirect-forever"),
        "/endless" => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n",
        "/silent" => "",
        "/binary" => "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        "/missing" => "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        _ => $"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(Page)}\r\nConnection: close\r\n\r\n{Page}",
    };

    static string Redirect(string target) => $"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

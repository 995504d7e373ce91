using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kith.Testing;
using TestMedia = Kith.Testing.Media;

namespace Kith.EndToEnd.Tests.Media;

/// <summary>deploy/nginx-media.conf, in the real nginx before the real server.</summary>
public sealed class NginxTests : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    readonly int port = FreePort();
    KithHost host = null!;
    Process? nginx;

    public async ValueTask InitializeAsync()
    {
        host = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { Url = $"http://127.0.0.1:{port}" } } });
        var site = (await File.ReadAllTextAsync(Repository.PathOf("deploy", "nginx-media.conf")))
            .Replace("/var/cache/nginx/kith-media", Path.Combine(folder.Path, "cache"), StringComparison.Ordinal)
            .Replace("server 127.0.0.1:8080;", $"server {host.Address.Authority};", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {folder.Path}/{kind};\n"));
        var path = Path.Combine(folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(path, $"daemon off;\nmaster_process off;\npid {folder.Path}/pid;\nerror_log {folder.Path}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{site}\n}}\n");
        nginx = Process.Start(new ProcessStartInfo("nginx", ["-c", path, "-p", folder.Path, "-e", Path.Combine(folder.Path, "error.log")]) { UseShellExecute = false })!;
        await Deadline.Until(AnswersAsync, answers => answers, "nginx to answer");
    }

    public async ValueTask DisposeAsync()
    {
        if (nginx is { HasExited: false })
        {
            nginx.Kill();
            await nginx.WaitForExitAsync();
        }

        nginx?.Dispose();
        await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_second_request_is_served_from_the_cache_for_everyone_and_in_parts()
    {
        var user = await host.Register();
        var channel = (await user.CreateGuild()).General;
        var file = TestFile.Noise("a.bin", 200_000);
        var sent = await user.SendFiles(channel, file);
        Assert.StartsWith($"http://127.0.0.1:{port}/attachments/", sent.Url(), StringComparison.Ordinal);
        var first = (await TestMedia.Get(sent.Url())).Expect(200);
        Assert.Equal("MISS", first.Header("X-Cache"));
        // Read by someone else, it has the same address.
        var again = (await user.Api.Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok().Url();
        var second = (await TestMedia.Get(again)).Expect(200);
        Assert.Equal("HIT", second.Header("X-Cache"));
        Assert.Equal(file.Content, second.Content);
        Assert.Contains("sandbox", second.Header("Content-Security-Policy"), StringComparison.Ordinal);
        var part = (await TestMedia.Get(again, ("Range", "bytes=1000-1999"))).Expect(206);
        Assert.Equal(("HIT", 1000), (part.Header("X-Cache"), part.Content.Length));
        Assert.Equal(file.Content[1000..2000], part.Content);
    }

    [Fact]
    public async Task An_avatar_is_cached_a_refusal_is_not_and_the_chat_is_not_there()
    {
        var user = await host.Register();
        var missing = $"http://127.0.0.1:{port}/avatars/{user.Id}/none.png";
        Assert.Equal("MISS", (await TestMedia.Get(missing)).Expect(404).Header("X-Cache"));
        Assert.Equal("MISS", (await TestMedia.Get(missing)).Expect(404).Header("X-Cache"));
        var avatar = (await user.Api.Patch("/users/@me", new { avatar = $"data:image/png;base64,{Convert.ToBase64String(Pictures.Png(16, 16))}" })).Ok().Str("avatar");
        var url = $"http://127.0.0.1:{port}/avatars/{user.Id}/{avatar}.png";
        (await TestMedia.Get(url)).Expect(200);
        Assert.Equal("HIT", (await TestMedia.Get(url)).Expect(200).Header("X-Cache"));
        (await TestMedia.Get($"http://127.0.0.1:{port}/api/v10/gateway")).Expect(404);
    }

    [Fact]
    public async Task An_upload_goes_through_it()
    {
        var user = await host.Register();
        var channel = (await user.CreateGuild()).General;
        var upload = await user.Announce(channel, "a.bin", 100_000);
        (await TestMedia.Send(HttpMethod.Put, upload.Url!, new ByteArrayContent(TestFile.Noise("a", 100_000).Content))).Expect(200);
        (await user.PostUploaded(channel, upload.Name)).Ok();
    }

    async Task<bool> AnswersAsync()
    {
        if (nginx!.HasExited) throw new InvalidOperationException($"nginx ended: {await File.ReadAllTextAsync(Path.Combine(folder.Path, "error.log"))}");
        try
        {
            return (await TestMedia.Get($"http://127.0.0.1:{port}/")).Status == 404;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

using System.Text;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>Files as they are delivered.</summary>
public sealed class DeliveryTests(KithHost host)
{
    async Task<(TestUser User, ChannelId Channel)> ScenarioAsync()
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    async Task<string> UrlOfAsync(TestFile file)
    {
        var (user, channel) = await ScenarioAsync();
        return (await user.SendFiles(channel, file)).Url();
    }

    [Fact]
    public async Task A_file_is_cached_for_good_and_nothing_in_it_runs()
    {
        var answer = (await TestMedia.Get(await UrlOfAsync(TestFile.Text("a.txt", "hello")))).Expect(200);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("sandbox", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Matches("max-age=[0-9]{5,6}", answer.Header("Cache-Control"));
        Assert.Contains("immutable", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("public", answer.Header("Cache-Control"), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Disguises => new()
    {
        { "picture.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>" },
        { "picture.png", "<!DOCTYPE html><script>alert(1)</script>" },
        { "page.html", "\n\n  <html><body onload=alert(1)>" },
        { "feed.xml", "\uFEFF<?xml version=\"1.0\"?><x/>" },
        { "paper.pdf", "%PDF-1.7 polyglot" },
        { "bin.txt", "text with \u0001 control" },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task What_could_run_is_only_ever_a_download(string name, string content)
    {
        var answer = (await TestMedia.Get(await UrlOfAsync(TestFile.Text(name, content)))).Expect(200);
        Assert.Equal("application/octet-stream", answer.Header("Content-Type"));
        Assert.StartsWith("attachment;", answer.Header("Content-Disposition"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_polyglot_is_what_its_first_bytes_say_and_runs_nowhere()
    {
        var answer = (await TestMedia.Get(await UrlOfAsync(TestFile.Text("script.js", "GIF89a/*<script>*/=1;alert(1)")))).Expect(200);
        Assert.Equal("image/gif", answer.Header("Content-Type"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("sandbox", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranges_are_answered_with_their_part()
    {
        var file = TestFile.Noise("a.bin", 10_000);
        var url = await UrlOfAsync(file);
        var part = (await TestMedia.Get(url, ("Range", "bytes=100-199"))).Expect(206);
        Assert.Equal(file.Content[100..200], part.Content);
        Assert.Equal("bytes 100-199/10000", part.Header("Content-Range"));
        Assert.Equal(file.Content[9_900..], (await TestMedia.Get(url, ("Range", "bytes=-100"))).Expect(206).Content);
        Assert.Equal(file.Content[9_999..], (await TestMedia.Get(url, ("Range", "bytes=9999-20000"))).Expect(206).Content);
        Assert.Equal("bytes */10000", (await TestMedia.Get(url, ("Range", "bytes=10000-"))).Expect(416).Header("Content-Range"));
        Assert.Equal(10_000, (await TestMedia.Get(url, ("Range", "bytes=0-1,5-6"))).Expect(200).Content.Length);
        Assert.Equal(10_000, (await TestMedia.Get(url, ("Range", "bytes=1-2"), ("If-Range", "\"other\""))).Expect(200).Content.Length);
        Assert.Equal(2, (await TestMedia.Get(url, ("Range", "bytes=1-2"), ("If-Range", part.Header("ETag")!))).Expect(206).Content.Length);
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so()
    {
        var url = await UrlOfAsync(TestFile.Text("a.txt", "hello"));
        var tag = (await TestMedia.Get(url)).Expect(200).Header("ETag")!;
        Assert.Empty((await TestMedia.Get(url, ("If-None-Match", tag))).Expect(304).Content);
        var head = (await TestMedia.Send(HttpMethod.Head, url)).Expect(200);
        Assert.Equal("5", head.Header("Content-Length"));
        Assert.Empty(head.Content);
    }

    [Fact]
    public async Task An_empty_file_is_delivered()
    {
        Assert.Empty((await TestMedia.Get(await UrlOfAsync(new TestFile("empty.txt", [])))).Expect(200).Content);
    }

    [Fact]
    public async Task An_altered_or_missing_signature_finds_nothing()
    {
        var (user, channel) = await ScenarioAsync();
        var mine = (await user.SendFiles(channel, TestFile.Text("a.txt", "mine"))).Url();
        var other = (await user.SendFiles(channel, TestFile.Text("a.txt", "other"))).Url();
        (await TestMedia.Get(mine.Split('?')[0])).Expect(404);
        (await TestMedia.Get(mine.Split('?')[0] + "?" + other.Split('?')[1])).Expect(404);
        (await TestMedia.Get(mine.Replace("ex=", "ex=f", StringComparison.Ordinal))).Expect(404);
        (await TestMedia.Get(mine.Replace("a.txt", "b.txt", StringComparison.Ordinal))).Expect(404);
        (await TestMedia.Get(mine[..^1] + (mine[^1] == 'A' ? 'B' : 'A'))).Expect(404);
        (await TestMedia.Get(mine.Replace("/attachments/", "/attachments/x", StringComparison.Ordinal))).Expect(404);
        (await TestMedia.Get(mine)).Expect(200);
    }

    [Fact]
    public async Task A_signature_of_another_instance_finds_nothing()
    {
        var url = new Uri(await UrlOfAsync(TestFile.Text("a.txt", "mine")));
        await using var other = await KithHost.Start();
        (await TestMedia.Get(new Uri(other.Address, url.PathAndQuery).ToString())).Expect(404);
    }

    [Fact]
    public async Task An_address_ends_after_two_days_and_a_new_one_comes_with_the_message()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var timed = await KithHost.Start(new() { Clock = clock });
        var user = await timed.Register();
        var channel = (await user.CreateGuild()).General;
        var sent = await user.SendFiles(channel, TestFile.Text("a.txt", "hello"));
        clock.Advance(TimeSpan.FromHours(35));
        (await TestMedia.Get(sent.Url())).Expect(200);
        clock.Advance(TimeSpan.FromHours(13));
        (await TestMedia.Get(sent.Url())).Expect(404);
        var again = (await user.Api.Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok().Url();
        Assert.NotEqual(sent.Url(), again);
        (await TestMedia.Get(again)).Expect(200);
    }

    [Fact]
    public async Task Addresses_have_the_host_name_of_the_options()
    {
        await using var cdn = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { Url = "https://cdn.example.org/" } } });
        var user = await cdn.Register();
        var url = (await user.SendFiles((await user.CreateGuild()).General, TestFile.Text("a.txt", "hello"))).Url();
        Assert.StartsWith("https://cdn.example.org/attachments/", url, StringComparison.Ordinal);
        (await TestMedia.Get(new Uri(cdn.Address, new Uri(url).PathAndQuery).ToString())).Expect(200);
    }

    [Fact]
    public async Task Files_go_with_their_message_but_not_with_anothers()
    {
        var (user, channel) = await ScenarioAsync();
        var file = TestFile.Noise("same.bin", 5_000, seed: 77);
        var (first, second) = (await user.SendFiles(channel, file), await user.SendFiles(channel, file));
        (await user.Api.Delete($"/channels/{channel}/messages/{first.Str("id")}")).Ok(204);
        (await TestMedia.Get(first.Url())).Expect(404);
        Assert.Equal(file.Content, (await TestMedia.Get(second.Url())).Expect(200).Content);
    }

    [Fact]
    public async Task Files_go_with_messages_deleted_in_bulk()
    {
        var (user, channel) = await ScenarioAsync();
        var (first, second) = (await user.SendFiles(channel, TestFile.Text("a.txt", "a")), await user.SendFiles(channel, TestFile.Text("b.txt", "b")));
        (await user.Api.Post($"/channels/{channel}/messages/bulk-delete", new { messages = new[] { first.Str("id"), second.Str("id") } })).Ok(204);
        (await TestMedia.Get(first.Url())).Expect(404);
        (await TestMedia.Get(second.Url())).Expect(404);
        Assert.Empty(await host.Services.GetRequiredService<IAttachmentStore>().OfUserAsync(user.Id, default, 10, default));
    }
}

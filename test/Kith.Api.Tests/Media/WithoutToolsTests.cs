using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Storage.Media;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>A machine on which no tool is installed.</summary>
public sealed class WithoutToolsTests
{
    [Fact]
    public async Task Uploads_work_without_thumbnails_and_the_log_says_so_once()
    {
        await using var bare = await KithHost.Start(new()
        {
            Services = services => services.AddSingleton<IMediaTools>(s => new VipsAndFfmpeg(new MediaOptions(), s.GetRequiredService<ILogger<VipsAndFfmpeg>>(), path: "/nonexistent")),
        });
        var user = await bare.Register();
        var channel = (await user.CreateGuild()).General;
        var jpeg = Pictures.WithExif(await Pictures.Jpeg(300, 200), orientation: 6, "SECRET-PLACE");
        var sent = await user.SendFiles(channel, new TestFile("a.png", Pictures.Png(40, 20)), new TestFile("b.jpg", jpeg), new TestFile("c.mp4", await Pictures.Film(64, 64, 1)));
        var files = sent.Items("attachments");
        Assert.Equal((40, 20), (files[0].Int("width"), files[0].Int("height")));
        Assert.False(files[0].TryGetProperty("placeholder", out _));
        Assert.Equal((200, 300), (files[1].Int("width"), files[1].Int("height")));
        Assert.False(files[2].TryGetProperty("width", out _));
        Assert.Equal(Pictures.Png(40, 20), (await TestMedia.Get(files[0].Str("url") + "&width=10")).Expect(200).Content);
        // Without a tool that turns it, it says only how it lies.
        var kept = (await TestMedia.Get(files[1].Str("url")!)).Expect(200).Content;
        Assert.DoesNotContain("SECRET-PLACE", System.Text.Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        using var stream = new MemoryStream(kept);
        Assert.Equal(6, ImageHeader.Read(stream, "image/jpeg")!.Orientation);
        Assert.Single(bare.Log.Entries, e => e.Text.StartsWith("vipsthumbnail is not installed", StringComparison.Ordinal));
        Assert.Single(bare.Log.Entries, e => e.Text.StartsWith("ffprobe is not installed", StringComparison.Ordinal));
    }
}

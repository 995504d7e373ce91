using System.Text;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Protocol;
using Kith.Testing;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>Pictures, films and voice messages among the files of messages.</summary>
public sealed class PicturesTests(KithHost host)
{
    async Task<(TestUser User, ChannelId Channel)> ScenarioAsync()
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    async Task<System.Text.Json.JsonElement> SendAsync(string name, byte[] content)
    {
        var (user, channel) = await ScenarioAsync();
        return await user.SendFiles(channel, new TestFile(name, content));
    }

    /// <summary>Width and height as the picture's own header says.</summary>
    static (int Width, int Height) SizeOf(byte[] picture)
    {
        using var stream = new MemoryStream(picture);
        var header = ImageHeader.Read(stream, FileTypes.Of(picture))!;
        return (header.ShownWidth, header.ShownHeight);
    }

    [Fact]
    public async Task A_picture_has_its_size_and_a_placeholder_and_smaller_ones_are_made_of_it()
    {
        var sent = await SendAsync("a.png", Pictures.Png(400, 200));
        var file = sent.Items("attachments").Single();
        Assert.Equal((400, 200), (file.Int("width"), file.Int("height")));
        Assert.Equal("image/png", file.Str("content_type"));
        Assert.Equal(1, file.Int("placeholder_version"));
        Assert.InRange(Convert.FromBase64String(file.Str("placeholder")!).Length, 15, 30);
        var small = (await TestMedia.Get(sent.Url() + "&width=100&height=100")).Expect(200);
        Assert.Equal("image/png", small.Header("Content-Type"));
        Assert.Equal((100, 50), SizeOf(small.Content));
        var webp = (await TestMedia.Get(sent.Url() + "&width=50&format=webp")).Expect(200);
        Assert.Equal("image/webp", webp.Header("Content-Type"));
        Assert.Equal((50, 25), SizeOf(webp.Content));
        Assert.Equal((400, 200), SizeOf((await TestMedia.Get(sent.Url() + "&width=4000")).Expect(200).Content));
        Assert.Equal(206, (await TestMedia.Get(sent.Url() + "&width=100&height=100", ("Range", "bytes=0-9"))).Status);
    }

    [Theory]
    [InlineData("width=0")]
    [InlineData("width=4097")]
    [InlineData("height=-1")]
    [InlineData("height=x")]
    [InlineData("format=svg")]
    [InlineData("format=../x")]
    public async Task A_picture_out_of_bounds_is_refused(string query)
    {
        var sent = await SendAsync("a.png", Pictures.Png(40, 20));
        (await TestMedia.Get(sent.Url() + "&" + query)).Expect(400);
    }

    [Fact]
    public async Task A_photo_loses_its_place_and_stands_upright()
    {
        var sent = await SendAsync("photo.jpg", Pictures.WithExif(await Pictures.Jpeg(300, 200), orientation: 6, "SECRET-PLACE"));
        var file = sent.Items("attachments").Single();
        Assert.Equal((200, 300), (file.Int("width"), file.Int("height")));
        var kept = (await TestMedia.Get(sent.Url())).Expect(200).Content;
        Assert.DoesNotContain("SECRET-PLACE", Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.Equal((200, 300), SizeOf(kept));
        Assert.Equal((20, 30), SizeOf((await TestMedia.Get(sent.Url() + "&width=20")).Expect(200).Content));
    }

    [Fact]
    public async Task A_photo_that_stands_upright_is_copied_bit_by_bit_but_for_what_it_tells()
    {
        var jpeg = await Pictures.Jpeg(300, 200);
        var sent = await SendAsync("photo.jpg", Pictures.WithExif(jpeg, orientation: 1, "SECRET-PLACE"));
        var kept = (await TestMedia.Get(sent.Url())).Expect(200).Content;
        Assert.DoesNotContain("SECRET-PLACE", Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.Equal(jpeg.Length, kept.Length, tolerance: 64);
        Assert.EndsWith(Convert.ToHexString(jpeg.AsSpan(^1000..)), Convert.ToHexString(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_in_a_png_and_a_webp_go_and_the_picture_stays()
    {
        var png = Pictures.Png(64, 32);
        var sent = await SendAsync("a.png", Pictures.WithChunk(Pictures.WithChunk(png, "tEXt", "Comment\0SECRET"), "eXIf", "MM\0*SECRET"));
        Assert.Equal(png, (await TestMedia.Get(sent.Url())).Expect(200).Content);
        var webp = (await TestMedia.Get(sent.Url() + "&format=webp")).Expect(200).Content;
        byte[] told = [.. webp.AsSpan(0, 12), .. webp.AsSpan(12), .. "EXIF"u8, 6, 0, 0, 0, .. "SECRET"u8];
        BitConverter.TryWriteBytes(told.AsSpan(4), told.Length - 8);
        var plain = (await TestMedia.Get((await SendAsync("a.webp", webp)).Url())).Expect(200).Content;
        Assert.Equal((64, 32), SizeOf(plain));
        Assert.Equal(plain, (await TestMedia.Get((await SendAsync("a.webp", told)).Url())).Expect(200).Content);
    }

    [Fact]
    public async Task What_moves_goes_on_moving()
    {
        var sent = await SendAsync("a.gif", await Pictures.Gif(80, 40));
        var gif = (await TestMedia.Get(sent.Url() + "&width=40")).Expect(200);
        Assert.Equal("image/gif", gif.Header("Content-Type"));
        using var stream = new MemoryStream(gif.Content);
        Assert.Equal(new ImageHeader(40, 20, IsAnimated: true), ImageHeader.Read(stream, "image/gif"));
        var png = (await TestMedia.Get(sent.Url() + "&format=png")).Expect(200);
        Assert.Equal((80, 40), SizeOf(png.Content));
    }

    [Fact]
    public async Task A_picture_too_large_to_be_shown_is_a_file_like_any_other()
    {
        var huge = Pictures.Png(30_000, 30_000, decodable: false);
        var sent = await SendAsync("huge.png", huge);
        Assert.False(sent.Items("attachments").Single().TryGetProperty("width", out _));
        Assert.Equal(huge, (await TestMedia.Get(sent.Url())).Expect(200).Content);
        (await TestMedia.Get(sent.Url() + "&width=100")).Expect(415);
    }

    [Fact]
    public async Task A_picture_that_lies_about_its_size_or_is_torn_harms_nobody()
    {
        // A deflated picture of a hundred megabytes in a header of 8 x 8, and a header without a picture.
        var bomb = Pictures.Png(9_000, 9_000, decodable: false);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 8);
        var sent = await SendAsync("bomb.png", bomb);
        Assert.Contains((await TestMedia.Get(sent.Url() + "&width=4")).Status, (int[])[200, 415]);
        var torn = Pictures.Png(50, 50)[..60];
        var sentTorn = await SendAsync("torn.png", torn);
        Assert.Contains((await TestMedia.Get(sentTorn.Url() + "&width=4")).Status, (int[])[200, 415]);
        Assert.Equal(torn, (await TestMedia.Get(sentTorn.Url())).Expect(200).Content);
    }

    [Theory]
    [InlineData("text.txt", "just text")]
    [InlineData("script.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><image href='file:///etc/passwd'/></svg>")]
    [InlineData("list.mp4", "#EXTM3U\nhttp://127.0.0.1/x.ts")]
    public async Task No_picture_is_made_of_what_is_none(string name, string content)
    {
        var sent = await SendAsync(name, Encoding.UTF8.GetBytes(content));
        Assert.False(sent.Items("attachments").Single().TryGetProperty("width", out _));
        (await TestMedia.Get(sent.Url() + "&format=png")).Expect(415);
    }

    [Fact]
    public async Task A_film_has_its_size_and_length_and_a_poster()
    {
        var sent = await SendAsync("film.mp4", await Pictures.Film(320, 180, seconds: 2));
        var file = sent.Items("attachments").Single();
        Assert.Equal(("video/mp4", 320, 180), (file.Str("content_type"), file.Int("width"), file.Int("height")));
        Assert.InRange(file.GetProperty("duration_secs").GetDouble(), 1.9, 2.2);
        Assert.NotNull(file.Str("placeholder"));
        var poster = (await TestMedia.Get(sent.Url() + "&format=jpeg&width=160")).Expect(200);
        Assert.Equal("image/jpeg", poster.Header("Content-Type"));
        Assert.Equal((160, 90), SizeOf(poster.Content));
    }

    [Fact]
    public async Task A_voice_message_has_its_length_and_waveform()
    {
        var (user, channel) = await ScenarioAsync();
        var voice = new TestFile("voice-message.ogg", await Pictures.Voice(3));
        var sent = (await user.PostFiles(channel, new { flags = 8192 }, voice)).Ok();
        Assert.Equal(8192, sent.Int("flags") & 8192);
        var file = sent.Items("attachments").Single();
        Assert.InRange(file.GetProperty("duration_secs").GetDouble(), 2.9, 3.2);
        var waveform = Convert.FromBase64String(file.Str("waveform")!);
        Assert.Equal(256, waveform.Length);
        Assert.InRange(waveform.Take(60).Max(b => (int)b), 0, 20);
        Assert.InRange(waveform.Skip(120).Average(b => b), 150, 255);
        var given = new { flags = 8192, attachments = new[] { new { id = 0, duration_secs = 1.5, waveform = "AAAA" } } };
        Assert.Equal("AAAA", (await user.PostFiles(channel, given, voice)).Ok().Items("attachments").Single().Str("waveform"));
    }

    [Fact]
    public async Task A_voice_message_is_one_sound_and_nothing_else()
    {
        var (user, channel) = await ScenarioAsync();
        var voice = new TestFile("voice.ogg", await Pictures.Voice(2));
        (await user.PostFiles(channel, new { flags = 8192, content = "words" }, voice)).Refused(ErrorCode.VoiceMessageWithContent);
        (await user.PostFiles(channel, new { flags = 8192 }, TestFile.Text("a.txt", "a"))).Refused(ErrorCode.VoiceMessageNeedsOneAudio);
        (await user.PostFiles(channel, new { flags = 8192 }, voice, voice)).Refused(ErrorCode.VoiceMessageNeedsOneAudio);
        (await user.PostFiles(channel, new { flags = 8192 }, new TestFile("broken.ogg", "OggS broken"u8.ToArray()))).Refused(ErrorCode.VoiceMessageNeedsMetadata);
    }
}

using Kith.Domain;
using Kith.Engine.Media;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>Files that are uploaded first and named by a message then, to addresses of Kith's own.</summary>
public sealed class DirectUploadsTests(KithHost host)
{
    async Task<(TestUser User, ChannelId Channel)> ScenarioAsync()
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    static Task<FileAnswer> Put(string url, byte[] content) => TestMedia.Send(HttpMethod.Put, url, new ByteArrayContent(content));

    static Task<FileAnswer> Patch(string url, long offset, byte[] content) => TestMedia.Send(
        HttpMethod.Patch, url, new ByteArrayContent(content), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", $"{offset}"), ("Content-Type", "application/offset+octet-stream"));

    [Fact]
    public async Task A_file_is_uploaded_whole_and_then_sent()
    {
        var (user, channel) = await ScenarioAsync();
        var file = Pictures.Png(60, 30);
        var upload = await user.Announce(channel, "../photo.png", file.Length);
        Assert.Equal(3, upload.Json.Int("id"));
        Assert.EndsWith("/photo.png", upload.Name, StringComparison.Ordinal);
        (await Put(upload.Url!, file)).Expect(200);
        var sent = (await user.PostUploaded(channel, upload.Name)).Ok();
        var attachment = sent.Items("attachments").Single();
        Assert.Equal(("photo.png", 60, "image/png"), (attachment.Str("filename"), attachment.Int("width"), attachment.Str("content_type")));
        Assert.Equal(file, (await TestMedia.Get(sent.Url())).Expect(200).Content);
    }

    [Fact]
    public async Task An_upload_that_broke_off_goes_on_where_it_was()
    {
        var (user, channel) = await ScenarioAsync();
        var file = TestFile.Noise("a.bin", 500_000).Content;
        var upload = await user.Announce(channel, "a.bin", file.Length);
        Assert.Equal("204", (await Patch(upload.Url!, 0, file[..200_000])).Status.ToString());
        var progress = (await TestMedia.Send(HttpMethod.Head, upload.Url!, null, ("Tus-Resumable", "1.0.0"))).Expect(200);
        Assert.Equal(("200000", "500000", "1.0.0"), (progress.Header("Upload-Offset"), progress.Header("Upload-Length"), progress.Header("Tus-Resumable")));
        (await user.PostUploaded(channel, upload.Name)).Refused(ErrorCode.InvalidFormBody);
        Assert.Equal("500000", (await Patch(upload.Url!, 200_000, file[200_000..])).Expect(204).Header("Upload-Offset"));
        Assert.Equal(file, (await TestMedia.Get((await user.PostUploaded(channel, upload.Name)).Ok().Url())).Expect(200).Content);
    }

    [Fact]
    public async Task What_came_before_a_connection_broke_stays()
    {
        var (user, channel) = await ScenarioAsync();
        var file = TestFile.Noise("a.bin", 400_000).Content;
        var upload = await user.Announce(channel, "a.bin", file.Length);
        await using (var proxy = new FaultProxy(host.Address))
        {
            var url = new Uri(proxy.Address, new Uri(upload.Url!).PathAndQuery).ToString();
            using var content = new StreamContent(new HalfStream(file.AsMemory(0, 100_000), () => proxy.Cut()));
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => TestMedia.Send(HttpMethod.Patch, url, content, ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream")));
        }

        // Whatever arrived, the upload goes on from there; the former connection may not be over yet.
        var offset = 0;
        await Deadline.Until(async () =>
        {
            offset = int.Parse((await TestMedia.Send(HttpMethod.Head, upload.Url!)).Expect(200).Header("Upload-Offset")!, System.Globalization.CultureInfo.InvariantCulture);
            return (await Patch(upload.Url!, offset, file[offset..])).Status;
        }, status => status == 204, "the upload to go on");
        Assert.Equal(file, (await TestMedia.Get((await user.PostUploaded(channel, upload.Name)).Ok().Url())).Expect(200).Content);
    }

    [Fact]
    public async Task A_wrong_offset_is_refused_and_changes_nothing()
    {
        var (user, channel) = await ScenarioAsync();
        var upload = await user.Announce(channel, "a.bin", 1000);
        Assert.Equal(409, (await Patch(upload.Url!, 10, new byte[10])).Status);
        (await Patch(upload.Url!, 0, new byte[10])).Expect(204);
        Assert.Equal(409, (await Patch(upload.Url!, 0, new byte[10])).Status);
        Assert.Equal(409, (await Patch(upload.Url!, 11, new byte[10])).Status);
        Assert.Equal(400, (await Patch(upload.Url!, -1, new byte[10])).Status);
        Assert.Equal(400, (await TestMedia.Send(HttpMethod.Patch, upload.Url!, new ByteArrayContent(new byte[5]), ("Upload-Offset", "10"), ("Content-Type", "text/plain"))).Status);
        Assert.Equal(413, (await Patch(upload.Url!, 10, new byte[991])).Status);
    }

    [Fact]
    public async Task A_file_of_another_size_than_announced_is_refused()
    {
        var (user, channel) = await ScenarioAsync();
        var upload = await user.Announce(channel, "a.bin", 1000);
        (await Put(upload.Url!, new byte[999])).Expect(400);
        (await Put(upload.Url!, new byte[1001])).Expect(400);
        (await user.PostUploaded(channel, upload.Name)).RefusedField("attachments");
        (await Put(upload.Url!, new byte[1000])).Expect(200);
        (await user.PostUploaded(channel, upload.Name)).Ok();
        (await user.PostUploaded(channel, upload.Name)).RefusedField("attachments");
        (await Put(upload.Url!, new byte[1000])).Expect(404);
    }

    [Fact]
    public async Task Nobody_sends_anothers_upload_or_in_another_channel()
    {
        var (user, channel) = await ScenarioAsync();
        var other = await host.Register();
        await other.Join(await user.CreateInvite(channel));
        var upload = await user.Announce(channel, "a.bin", 5);
        (await Put(upload.Url!, "hello"u8.ToArray())).Expect(200);
        (await other.PostUploaded(channel, upload.Name)).RefusedField("attachments");
        (await other.Api.Delete($"/attachments/{upload.Name}")).Refused(ErrorCode.UnknownUpload);
        (await user.PostUploaded((await user.CreateGuild()).General, upload.Name)).RefusedField("attachments");
        (await user.PostUploaded(channel, "123/a.bin")).RefusedField("attachments");
        (await user.PostUploaded(channel, "../../a.bin")).RefusedField("attachments.0.uploaded_filename");
        (await user.PostUploaded(channel, upload.Name)).Ok();
    }

    [Fact]
    public async Task An_altered_foreign_or_expired_address_takes_nothing()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var timed = await KithHost.Start(new() { Clock = clock });
        var user = await timed.Register();
        var channel = (await user.CreateGuild()).General;
        var (one, two) = (await user.Announce(channel, "a.bin", 5), await user.Announce(channel, "b.bin", 5));
        (await Put(one.Url!.Split('?')[0], new byte[5])).Expect(404);
        (await Put(one.Url!.Split('?')[0] + "?" + two.Url!.Split('?')[1], new byte[5])).Expect(404);
        (await Put(one.Url!.Replace("ex=", "ex=f", StringComparison.Ordinal), new byte[5])).Expect(404);
        clock.Advance(TimeSpan.FromHours(25));
        (await Put(one.Url!, new byte[5])).Expect(404);
    }

    [Fact]
    public async Task Announcements_are_checked()
    {
        var (user, channel) = await ScenarioAsync();
        Task<ApiReply> Announce(object body) => user.Api.Post($"/channels/{channel}/attachments", body);
        (await Announce(new { files = Array.Empty<object>() })).RefusedField("files");
        (await Announce(new { files = new[] { new { filename = "a" } } })).RefusedField("files.0.file_size");
        (await Announce(new { files = new[] { new { file_size = 5 } } })).RefusedField("files.0.filename");
        (await Announce(new { files = new[] { new { filename = "a", file_size = 0 } } })).RefusedField("files.0.file_size");
        (await Announce(new { files = new[] { new { filename = "a", file_size = 1L << 50 } } })).Refused(ErrorCode.FileTooLarge);
        (await (await host.Register()).Api.Post($"/channels/{channel}/attachments", new { files = new[] { new { filename = "a", file_size = 5 } } })).Refused(ErrorCode.UnknownChannel);
    }

    [Fact]
    public async Task A_cancelled_upload_gives_its_room_back()
    {
        await using var tight = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { QuotaBytes = 100_000 } } });
        var user = await tight.Register();
        var channel = (await user.CreateGuild()).General;
        var upload = await user.Announce(channel, "a.bin", 100_000);
        (await user.Api.Post($"/channels/{channel}/attachments", new { files = new[] { new { filename = "b", file_size = 1 } } })).Refused(ErrorCode.QuotaExceeded);
        (await TestMedia.Send(HttpMethod.Delete, upload.Url!)).Expect(204);
        await user.Announce(channel, "b.bin", 100_000);
    }

    [Fact]
    public async Task An_upload_that_is_never_sent_goes_after_a_day()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var timed = await KithHost.Start(new() { Clock = clock, Services = s => s.WithoutSweep() });
        var user = await timed.Register();
        var channel = (await user.CreateGuild()).General;
        var (whole, part) = (await user.Announce(channel, "a.bin", 5), await user.Announce(channel, "b.bin", 5));
        (await Put(whole.Url!, new byte[5])).Expect(200);
        (await Patch(part.Url!, 0, new byte[3])).Expect(204);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(2, (await timed.Services.GetRequiredService<MediaCleaning>().SweepAsync(default)).Orphans);
        Assert.Empty(Directory.GetFiles(Path.Combine(timed.Data, "media", "incoming")));
        (await user.PostUploaded(channel, whole.Name)).RefusedField("attachments");
    }

    [Fact]
    public async Task It_says_that_it_speaks_tus()
    {
        var (user, channel) = await ScenarioAsync();
        var answer = (await TestMedia.Send(HttpMethod.Options, (await user.Announce(channel, "a.bin", 5)).Url!)).Expect(204);
        Assert.Equal(("1.0.0", "26214400"), (answer.Header("Tus-Version"), answer.Header("Tus-Max-Size")));
    }

    /// <summary>Gives some, then breaks the connection.</summary>
    sealed class HalfStream(ReadOnlyMemory<byte> content, Action breaking) : Stream
    {
        bool given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => 0;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given)
            {
                breaking();
                await Task.Yield();
                throw new IOException("The connection is cut.");
            }

            given = true;
            var part = content[..Math.Min(buffer.Length, content.Length)];
            part.CopyTo(buffer);
            return part.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

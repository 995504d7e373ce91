using Kith.Contracts.Media;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Protocol;
using Kith.Storage.Blobs;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>One S3 server for the tests of this file.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    public S3Server Server { get; private set; } = null!;

    public static S3Options OptionsOf(S3Server server) => new()
    {
        Bucket = S3Server.Bucket, Endpoint = server.Endpoint, AccessKey = S3Server.AccessKey, SecretKey = S3Server.SecretKey,
    };

    public async ValueTask InitializeAsync() => Server = await S3Server.Start();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class S3BlobStoreTests(S3Fixture s3) : BlobStoreContract, IClassFixture<S3Fixture>
{
    protected override ValueTask<IBlobStore> StoreAsync() => new(new S3BlobStore(S3Fixture.OptionsOf(s3.Server)));
}

/// <summary>A server whose files lie in S3.</summary>
public sealed class S3Tests : IAsyncLifetime
{
    S3Server s3 = null!;
    KithHost host = null!;

    public async ValueTask InitializeAsync()
    {
        s3 = await S3Server.Start();
        host = await KithHost.Start(new() { Options = o => o with { S3 = S3Fixture.OptionsOf(s3), Media = o.Media with { MaxFileBytes = 100 << 20 } } });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await s3.DisposeAsync();
    }

    async Task<(TestUser User, ChannelId Channel)> ScenarioAsync()
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    [Fact]
    public async Task Files_come_with_a_message_and_are_delivered_in_ranges_and_sizes()
    {
        var (user, channel) = await ScenarioAsync();
        var (noise, picture) = (TestFile.Noise("a.bin", 100_000), new TestFile("a.png", Pictures.Png(80, 40)));
        var files = (await user.SendFiles(channel, noise, picture)).Items("attachments");
        Assert.Equal(noise.Content, (await TestMedia.Get(files[0].Str("url")!)).Expect(200).Content);
        Assert.Equal(noise.Content[500..600], (await TestMedia.Get(files[0].Str("url")!, ("Range", "bytes=500-599"))).Expect(206).Content);
        (await TestMedia.Get(files[1].Str("url") + "&width=20")).Expect(200);
    }

    [Fact]
    public async Task A_client_uploads_to_the_bucket_by_itself()
    {
        var (user, channel) = await ScenarioAsync();
        var file = Pictures.WithChunk(Pictures.Png(60, 30), "tEXt", "Comment\0SECRET");
        var upload = await user.Announce(channel, "a.png", file.Length);
        Assert.StartsWith(s3.Endpoint, upload.Url, StringComparison.Ordinal);
        (await user.PostUploaded(channel, upload.Name)).RefusedField("attachments");
        (await TestMedia.Send(HttpMethod.Put, upload.Url!, new ByteArrayContent(file))).Expect(200);
        var sent = (await user.PostUploaded(channel, upload.Name)).Ok();
        Assert.Equal(60, sent.Items("attachments").Single().Int("width"));
        Assert.Equal(Pictures.Png(60, 30), (await TestMedia.Get(sent.Url())).Expect(200).Content);
    }

    [Fact]
    public async Task A_large_file_goes_in_parts()
    {
        var (user, channel) = await ScenarioAsync();
        var file = TestFile.Noise("a.bin", (int)(S3BlobStore.PartSize + 1_000_000)).Content;
        var upload = await user.Announce(channel, "a.bin", file.Length);
        Assert.Null(upload.Url);
        List<string> tags = [];
        foreach (var part in upload.Json.Items("upload_parts"))
        {
            var (offset, size) = (part.Int("offset"), part.Int("size"));
            tags.Add((await TestMedia.Send(HttpMethod.Put, part.Str("url")!, new ByteArrayContent(file, offset, size))).Expect(200).Header("ETag")!);
        }

        (await user.PostUploaded(channel, upload.Name)).RefusedField("attachments");
        var sent = (await user.PostUploaded(channel, upload.Name, tags)).Ok();
        Assert.Equal(file, (await TestMedia.Get(sent.Url())).Expect(200).Content);
    }

    [Fact]
    public async Task More_than_was_announced_is_refused()
    {
        var (user, channel) = await ScenarioAsync();
        var upload = await user.Announce(channel, "a.bin", 1000);
        (await TestMedia.Send(HttpMethod.Put, upload.Url!, new ByteArrayContent(new byte[2000]))).Expect(200);
        (await user.PostUploaded(channel, upload.Name)).Refused(ErrorCode.FileTooLarge);
    }

    [Fact]
    public async Task While_S3_is_away_files_are_refused_and_text_goes_on()
    {
        var (user, channel) = await ScenarioAsync();
        var sent = await user.SendFiles(channel, TestFile.Text("a.txt", "hello"));
        await s3.Stop();
        (await user.PostFiles(channel, new { content = "with a file" }, TestFile.Text("b.txt", "b"))).Refused(ErrorCode.Unavailable);
        (await TestMedia.Get(sent.Url())).Expect(503);
        await user.Send(channel, "text goes on");
        await s3.Resume();
        Assert.Equal("hello"u8.ToArray(), (await TestMedia.Get(sent.Url())).Expect(200).Content);
        await user.SendFiles(channel, TestFile.Text("b.txt", "b"));
        Assert.DoesNotContain((await user.Api.Get($"/channels/{channel}/messages")).Ok().Items(), m => m.Str("content") == "with a file");
    }
}

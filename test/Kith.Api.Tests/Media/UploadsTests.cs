using System.Net.Sockets;
using System.Text;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>Files that come with a message.</summary>
public sealed class UploadsTests(KithHost host)
{
    Task<(TestUser User, ChannelId Channel)> ScenarioAsync() => ScenarioAsync(host);

    static async Task<(TestUser User, ChannelId Channel)> ScenarioAsync(KithHost host)
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    [Fact]
    public async Task Files_come_with_a_message_and_are_delivered_as_they_were()
    {
        var (user, channel) = await ScenarioAsync();
        var (text, noise) = (TestFile.Text("notes.txt", "Grüße"), TestFile.Noise("blob.bin", 300_000));
        var payload = new { content = "two", attachments = new object[] { new { id = 1, description = "a blob" }, new { id = "0", title = "Notes" } } };
        var sent = (await user.PostFiles(channel, payload, text, noise)).Ok();
        var files = sent.Items("attachments");
        Assert.Equal(["blob.bin", "notes.txt"], files.Select(f => f.Str("filename")));
        Assert.Equal("a blob", files[0].Str("description"));
        Assert.Equal("Notes", files[1].Str("title"));
        Assert.Equal(300_000, files[0].Int("size"));
        Assert.Equal("text/plain; charset=utf-8", files[1].Str("content_type"));
        Assert.Equal(noise.Content, (await TestMedia.Get(files[0].Str("url")!)).Expect(200).Content);
        var read = (await user.Api.Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok();
        Assert.Equal(text.Content, (await TestMedia.Get(read.Items("attachments")[1].Str("url")!)).Expect(200).Content);
    }

    [Fact]
    public async Task A_session_is_told_of_a_message_with_its_files()
    {
        var (user, channel) = await ScenarioAsync();
        await using var probe = await GatewayProbe.Login(user);
        var sent = await user.SendFiles(channel, TestFile.Text("a.txt", "hello"));
        var told = await probe.Next("MESSAGE_CREATE");
        Assert.Equal(sent.Url(), told.Url());
    }

    [Fact]
    public async Task Files_without_a_payload_are_a_message()
    {
        var (user, channel) = await ScenarioAsync();
        Assert.Equal("lone.txt", (await user.PostFiles(channel, null, TestFile.Text("lone.txt", "x"))).Ok().Items("attachments").Single().Str("filename"));
    }

    [Fact]
    public async Task Numbers_of_files_may_have_gaps_and_come_in_any_order()
    {
        var (user, channel) = await ScenarioAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent("seven"u8.ToArray()), "files[7]", "seven.txt" },
            { new ByteArrayContent("two"u8.ToArray()), "files[2]", "two.txt" },
            { new ByteArrayContent("""{"content":"late","attachments":[{"id":"7","description":"the seventh"}]}"""u8.ToArray()), "payload_json" },
        };
        var files = (await user.Api.Post($"/channels/{channel}/messages", form)).Ok().Items("attachments");
        Assert.Equal(["seven.txt", "two.txt"], files.Select(f => f.Str("filename")));
        Assert.Equal("the seventh", files[0].Str("description"));
    }

    [Theory]
    [InlineData("files[-1]")]
    [InlineData("files[x]")]
    [InlineData("files[99999999999999999999]")]
    [InlineData("files[]")]
    [InlineData("upload")]
    public async Task A_file_by_another_name_than_its_number_is_refused(string field)
    {
        var (user, channel) = await ScenarioAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), field, "a.bin" } };
        (await user.Api.Post($"/channels/{channel}/messages", form)).RefusedField("files");
    }

    [Fact]
    public async Task Two_files_of_one_number_and_an_attachment_without_a_file_are_refused()
    {
        await using var own = await KithHost.Start();
        var (user, channel) = await ScenarioAsync(own);
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "files[3]", "a.bin" }, { new ByteArrayContent([2]), "files[3]", "b.bin" } };
        (await user.Api.Post($"/channels/{channel}/messages", form)).Refused(ErrorCode.InvalidFormBody);
        (await user.PostFiles(channel, new { attachments = new[] { new { id = 5 } } }, TestFile.Text("a.txt", "a"))).RefusedField("attachments.0.id");
        Assert.Empty(Incoming(own));
    }

    [Fact]
    public async Task Eleven_files_are_too_many()
    {
        var (user, channel) = await ScenarioAsync();
        var files = Enumerable.Range(0, 11).Select(i => TestFile.Text($"{i}.txt", "x")).ToArray();
        (await user.PostFiles(channel, null, files)).Refused(ErrorCode.MaxAttachments);
    }

    [Fact]
    public async Task Without_the_permission_to_attach_nothing_is_kept()
    {
        var (owner, channel) = await ScenarioAsync();
        var guild = (await owner.Api.Get($"/channels/{channel}")).Ok().Str("guild_id");
        (await owner.Api.Put($"/channels/{channel}/permissions/{guild}", new { type = 0, deny = ((ulong)Permissions.AttachFiles).ToString() })).Ok(204);
        var member = await host.Register();
        await member.Join(await owner.CreateInvite(channel));
        (await member.PostFiles(channel, new { content = "x" }, TestFile.Text("a.txt", "a"))).Refused(ErrorCode.MissingPermissions);
        await member.Send(channel, "text goes on");
    }

    public static TheoryData<string, string> Names => new()
    {
        { "../../etc/passwd", "passwd" },
        { "..\\..\\boot.ini", "boot.ini" },
        { "..", "file" },
        { "photo\u202Egnp.exe", "photognp.exe" },
        { "nul\0l.txt", "null.txt" },
        { "two\u2028lines.txt", "twolines.txt" },
        { "con:aux?.txt", "con_aux_.txt" },
        { " .hidden. ", "hidden" },
        { "Größe 世界 👋.txt", "Größe 世界 👋.txt" },
        { new string('a', 300) + ".txt", new string('a', 251) + ".txt" },
        { new string('世', 100) + ".txt", new string('世', 83) + ".txt" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_is_made_safe_and_keeps_its_ending(string given, string kept)
    {
        var (user, channel) = await ScenarioAsync();
        var sent = (await user.PostFiles(channel, new { attachments = new[] { new { id = 0, filename = given } } }, TestFile.Text("x", "safe"))).Ok();
        Assert.Equal(kept, sent.Items("attachments").Single().Str("filename"));
        var answer = (await TestMedia.Get(sent.Url())).Expect(200);
        Assert.Equal("safe"u8.ToArray(), answer.Content);
        Assert.Equal($"inline; filename*=UTF-8''{Uri.EscapeDataString(kept)}", System.Text.RegularExpressions.Regex.Replace(answer.Header("Content-Disposition")!, "filename=\"[^\"]*\"; ", ""));
    }

    [Fact]
    public async Task A_line_break_in_the_name_of_a_part_adds_no_header()
    {
        var (user, channel) = await ScenarioAsync();
        const string body = "--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.txt\r\n\r\nhello\r\n--b--\r\n";
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        var sent = (await user.Api.Post($"/channels/{channel}/messages", content)).Ok();
        Assert.Equal("aSet-Cookie_ x=1.txt", sent.Items("attachments").Single().Str("filename"));
        Assert.Null((await TestMedia.Get(sent.Url())).Expect(200).Header("Set-Cookie"));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_and_so_is_one_without_an_end()
    {
        await using var small = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { MaxFileBytes = 100_000 } } });
        var user = await small.Register();
        var channel = (await user.CreateGuild()).General;
        (await user.PostFiles(channel, null, TestFile.Noise("big.bin", 100_001))).Refused(ErrorCode.FileTooLarge);
        (await user.SendFiles(channel, TestFile.Noise("fits.bin", 100_000))).Url();
        using var endless = await StartUploadAsync(small, user, channel, promised: null);
        var answer = new byte[1000];
        var answering = endless.ReceiveAsync(answer);
        while (!answering.IsCompleted && await TrySendChunkAsync(endless))
        {
            // On and on, until there is an answer.
        }

        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(answer, 0, await answering.WaitAsync(Deadline.Default)), StringComparison.Ordinal);
        Assert.Empty(Incoming(small));
    }

    [Fact]
    public async Task A_truncated_upload_leaves_no_message_and_no_file()
    {
        await using var own = await KithHost.Start();
        var (user, channel) = await ScenarioAsync(own);
        using (var socket = await StartUploadAsync(own, user, channel, promised: 1_000_000))
        {
            await socket.SendAsync(new byte[10_000]);
            await Deadline.Until(() => Task.FromResult(Incoming(own).Length), n => n == 1, "the upload to begin");
        }

        await Deadline.Until(() => Task.FromResult(Incoming(own).Length), n => n == 0, "the rest to be removed");
        Assert.DoesNotContain((await user.Api.Get($"/channels/{channel}/messages")).Ok().Items(), m => m.Items("attachments").Count > 0);
    }

    [Fact]
    public async Task A_part_that_ends_without_its_boundary_is_refused()
    {
        var (user, channel) = await ScenarioAsync();
        var content = new ByteArrayContent("--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\n\r\nhello"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        (await user.Api.Post($"/channels/{channel}/messages", content)).RefusedField("_body");
    }

    [Fact]
    public async Task A_slow_upload_is_ended()
    {
        await using var strict = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { SlowestUpload = 1_000_000 } } });
        var user = await strict.Register();
        var channel = (await user.CreateGuild()).General;
        using var socket = await StartUploadAsync(strict, user, channel, promised: 50_000_000);
        var answer = new byte[1000];
        var read = await socket.ReceiveAsync(answer).WaitAsync(Deadline.Default);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        await Deadline.Until(() => Task.FromResult(Incoming(strict).Length), n => n == 0, "the rest to be removed");
    }

    [Fact]
    public async Task A_quota_is_counted_by_user_and_given_back_with_the_message()
    {
        await using var tight = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { QuotaBytes = 100_000 } } });
        var user = await tight.Register();
        var channel = (await user.CreateGuild()).General;
        var first = await user.SendFiles(channel, TestFile.Noise("a.bin", 60_000));
        (await user.PostFiles(channel, new { content = "no room" }, TestFile.Noise("b.bin", 40_001))).Refused(ErrorCode.QuotaExceeded);
        await user.Send(channel, "text goes on");
        (await user.Api.Delete($"/channels/{channel}/messages/{first.Str("id")}")).Ok(204);
        await user.SendFiles(channel, TestFile.Noise("b.bin", 100_000));
        Assert.Equal(3, (await user.Api.Get($"/channels/{channel}/messages")).Ok().Items().Count(m => m.Int("type") == 0) + 1);
    }

    [Fact]
    public async Task A_disk_without_room_is_told_and_leaves_no_message()
    {
        await using var full = await KithHost.Start(new() { Options = o => o with { Media = o.Media with { KeepFreeBytes = long.MaxValue } } });
        var user = await full.Register();
        var channel = (await user.CreateGuild()).General;
        (await user.PostFiles(channel, new { content = "with a file" }, TestFile.Text("a.txt", "a"))).Refused(ErrorCode.StorageFull);
        await user.Send(channel, "text goes on");
        Assert.Equal(["text goes on"], (await user.Api.Get($"/channels/{channel}/messages")).Ok().Items().Where(m => m.Int("type") == 0).Select(m => m.Str("content")));
    }

    [Fact]
    public async Task An_edit_adds_keeps_and_drops_files()
    {
        var (user, channel) = await ScenarioAsync();
        var sent = await user.SendFiles(channel, TestFile.Text("a.txt", "a"), TestFile.Text("b.txt", "b"));
        var dropped = sent.Items("attachments")[0].Str("url")!;
        var keep = sent.Items("attachments")[1].Str("id");
        using var form = TestMedia.Form(new { attachments = new object[] { new { id = keep }, new { id = 0, description = "new" } } }, TestFile.Text("c.txt", "c"));
        var edited = (await user.Api.Patch($"/channels/{channel}/messages/{sent.Str("id")}", form)).Ok();
        Assert.Equal(["b.txt", "c.txt"], edited.Items("attachments").Select(f => f.Str("filename")));
        (await TestMedia.Get(dropped)).Expect(404);
        (await TestMedia.Get(edited.Items("attachments")[1].Str("url")!)).Expect(200);
        Assert.Equal(2, (await user.Api.Patch($"/channels/{channel}/messages/{sent.Str("id")}", new { content = "text" })).Ok().Items("attachments").Count);
    }

    [Fact]
    public async Task A_repeated_send_has_the_files_of_the_first()
    {
        var (user, channel) = await ScenarioAsync();
        var payload = new { content = "once", nonce = "n1", enforce_nonce = true };
        var first = (await user.PostFiles(channel, payload, TestFile.Text("a.txt", "a"))).Ok();
        var second = (await user.PostFiles(channel, payload, TestFile.Text("a.txt", "a"))).Ok();
        Assert.Equal(first.Str("id"), second.Str("id"));
        Assert.Equal(first.Url(), second.Url());
        var stored = await host.Services.GetRequiredService<IAttachmentStore>().OfUserAsync(user.Id, default, 10, default);
        Assert.Single(stored);
    }

    [Fact]
    public async Task An_embed_shows_a_file_of_its_message()
    {
        var (user, channel) = await ScenarioAsync();
        var sent = (await user.PostFiles(channel, new { embeds = new[] { new { title = "t", image = new { url = "attachment://a.txt" } } } }, TestFile.Text("a.txt", "a"))).Ok();
        Assert.Equal(sent.Url(), sent.Items("embeds")[0].GetProperty("image").Str("url"));
    }

    static string[] Incoming(KithHost of) => Directory.Exists(Path.Combine(of.Data, "media", "incoming")) ? Directory.GetFiles(Path.Combine(of.Data, "media", "incoming")) : [];

    /// <summary>A connection on which an upload has begun, up to its first bytes.</summary>
    static async Task<Socket> StartUploadAsync(KithHost of, TestUser user, ChannelId channel, int? promised)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(of.Address.Host, of.Address.Port);
        var length = promised is { } bytes ? $"Content-Length: {bytes}\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n66\r\n";
        var head = $"POST /api/v10/channels/{channel}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: {user.Token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + $"{length}--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.bin\"; more=\"{new string('x', 19)}\"\r\n\r\n{(promised is null ? "\r\n" : "")}";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        return socket;
    }

    static async Task<bool> TrySendChunkAsync(Socket socket)
    {
        try
        {
            return await socket.SendAsync(Encoding.ASCII.GetBytes($"1000\r\n{new string('x', 0x1000)}\r\n")) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

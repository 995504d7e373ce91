using System.Text;
using System.Text.Json;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.BadInput;

/// <summary>Bodies that no client library sends, at endpoints of every feature: always a refusal that says so, never a failure, and nothing is changed.</summary>
public abstract class BodySuite(IKithServer host)
{
    /// <summary>Syntax, structure and encoding: none of these is JSON that any endpoint takes.</summary>
    public static TheoryData<string, byte[]> Broken => new()
    {
        { "cut off", "{\"content\":\"x\""u8.ToArray() },
        { "an array", "[]"u8.ToArray() },
        { "null", "null"u8.ToArray() },
        { "a string", "\"x\""u8.ToArray() },
        { "trailing words", "{\"content\":\"x\",\"name\":\"name\"} more"u8.ToArray() },
        { "a comment", "{/* */\"content\":\"x\",\"name\":\"name\"}"u8.ToArray() },
        { "a trailing comma", "{\"content\":\"x\",\"name\":\"name\",}"u8.ToArray() },
        { "a key twice", "{\"content\":\"a\",\"content\":\"b\",\"name\":\"aa\",\"name\":\"bb\"}"u8.ToArray() },
        { "an unescaped control character", "{\"content\":\"a\nb\",\"name\":\"a\nb\"}"u8.ToArray() },
        { "bytes that are no UTF-8", [.. "{\"content\":\"a"u8, 0xff, 0xfe, .. "\",\"name\":\"a"u8, 0xff, 0xfe, .. "\"}"u8] },
        { "an overlong encoding", [.. "{\"content\":\"a"u8, 0xc0, 0xaf, .. "\",\"name\":\"a"u8, 0xc0, 0xaf, .. "\"}"u8] },
        { "a surrogate as UTF-8", [.. "{\"content\":\"a"u8, 0xed, 0xa0, 0x80, .. "\",\"name\":\"a"u8, 0xed, 0xa0, 0x80, .. "\"}"u8] },
        { "a lone high surrogate", "{\"content\":\"a\\ud800\",\"name\":\"a\\ud800\"}"u8.ToArray() },
        { "a lone low surrogate", "{\"content\":\"\\udc00a\",\"name\":\"\\udc00a\"}"u8.ToArray() },
        { "a depth of 10,000 where it counts", Encoding.ASCII.GetBytes($"{{\"content\":{new string('[', 10_000)}{new string(']', 10_000)},\"name\":\"name\"}}") },
        { "a depth of 10,000 where it does not", Encoding.ASCII.GetBytes($"{{\"content\":\"x\",\"name\":\"name\",\"zz\":{new string('[', 10_000)}{new string(']', 10_000)}}}") },
        { "objects 10,000 deep", Encoding.ASCII.GetBytes($"{string.Concat(Enumerable.Repeat("{\"a\":", 10_000))}1{new string('}', 10_000)}") },
        { "a number beyond all numbers", "{\"content\":1e99999,\"name\":1e99999}"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_sound_json_is_refused_everywhere(string what, byte[] body)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var before = await Everything(owner, guild);
        foreach (var (method, path) in Endpoints(guild))
        {
            var reply = await owner.Api.Send(method, path, ApiClient.Json(body));
            Assert.True(reply.Status == 400, $"{what} at {reply.Request}: {reply.Status} {reply.Text}");
            Assert.Contains(reply.Json.Int("code"), (int[])[50109, 50035]);
        }

        Assert.Equal(before, await Everything(owner, guild));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_everywhere()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        // Seven times the limit of most: bodies with pictures in them may be that large.
        var body = Encoding.ASCII.GetBytes($"{{\"content\":\"x\",\"name\":\"name\",\"zz\":\"{new string('z', 7 * 1024 * 1024)}\"}}");
        foreach (var (method, path) in Endpoints(guild))
            (await owner.Api.Send(method, path, ApiClient.Json(body))).Refused(ErrorCode.RequestTooLarge);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_without_a_length_is_refused_as_well()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, $"/api/v10/channels/{guild.General}/messages"))
        {
            Content = ApiClient.Json(Encoding.ASCII.GetBytes($"{{\"content\":\"x\",\"zz\":\"{new string('z', 1024 * 1024)}\"}}")),
        };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", owner.Token);
        (await owner.Api.Send(request)).Refused(ErrorCode.RequestTooLarge);
        // The connection is of use to the next request.
        (await owner.Api.Get("/users/@me")).Ok();
    }

    /// <summary>NUL is sound JSON, but ends strings in half of what messages pass through: it is refused where it is written.</summary>
    [Fact]
    public async Task A_nul_in_a_message_is_refused_and_the_field_is_named()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Post($"/channels/{guild.General}/messages", new { content = "before\0after" })).RefusedField("content");
        Assert.Empty((await owner.Api.Get($"/channels/{guild.General}/messages")).Ok().Items());
    }

    public static TheoryData<string, string, string> Forms => new()
    {
        { "no boundary", "multipart/form-data", "--b\r\n\r\n--b--\r\n" },
        { "an empty boundary", "multipart/form-data; boundary=", "--b\r\n\r\n--b--\r\n" },
        { "a boundary of 1,000 characters", $"multipart/form-data; boundary={new string('b', 1000)}", "x" },
        { "another boundary than the body's", "multipart/form-data; boundary=a", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"x\"}\r\n--b--\r\n" },
        { "nothing", "multipart/form-data; boundary=b", "" },
        { "an end that never comes", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"x\"}" },
        { "no payload_json", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--b--\r\n" },
        { "a part without a name", "multipart/form-data; boundary=b", "--b\r\n\r\n{\"content\":\"x\"}\r\n--b--\r\n" },
        { "a payload_json that is none", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\"\r\n--b--\r\n" },
        { "a header without an end", "multipart/form-data; boundary=b", $"--b\r\nContent-Disposition: form-data; name=\"{new string('n', 100_000)}" },
        { "a thousand headers", "multipart/form-data; boundary=b", $"--b\r\n{string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: 1\r\n"))}\r\nx\r\n--b--\r\n" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_that_cannot_be_read_is_refused_and_sends_nothing(string what, string type, string body)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var reply = await owner.Api.Post($"/channels/{guild.General}/messages", content);
        Assert.True(reply.Status == 400, $"{what}: {reply.Status} {reply.Text}");
        Assert.Equal(JsonValueKind.Object, reply.Json.ValueKind);
        Assert.Empty((await owner.Api.Get($"/channels/{guild.General}/messages")).Ok().Items());
    }

    static (HttpMethod Method, string Path)[] Endpoints(TestGuild guild) =>
    [
        (HttpMethod.Post, $"/channels/{guild.General}/messages"),
        (HttpMethod.Patch, $"/channels/{guild.General}"),
        (HttpMethod.Post, $"/guilds/{guild.Id}/channels"),
        (HttpMethod.Patch, $"/guilds/{guild.Id}"),
        (HttpMethod.Post, $"/guilds/{guild.Id}/roles"),
        (HttpMethod.Post, "/guilds"),
        (HttpMethod.Post, "/applications"),
    ];

    /// <summary>What the requests could have changed, as text.</summary>
    static async Task<string> Everything(TestUser owner, TestGuild guild) => string.Join('\n', await Task.WhenAll(((string[])
    [
        $"/guilds/{guild.Id}", $"/guilds/{guild.Id}/channels", $"/guilds/{guild.Id}/roles", $"/channels/{guild.General}/messages", "/users/@me/guilds", "/applications",
    ]).Select(async path => (await owner.Api.Get(path)).Text)));
}

/// <summary>Against one process.</summary>
public sealed class BodyTests(KithHost host) : BodySuite(host);

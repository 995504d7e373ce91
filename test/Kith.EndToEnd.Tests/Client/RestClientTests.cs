using System.Text.Json;
using Kith.Client;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Client;

public sealed class RestClientTests
{
    const string TooMany = """{"message":"You are being rate limited.","retry_after":2.5,"global":false}""";
    const string Message = """
        {"id":"11","channel_id":"22","type":0,"content":"x","timestamp":"2026-01-01T00:00:00Z",
        "author":{"id":"33","username":"a","discriminator":"0","global_name":null,"avatar":null}}
        """;

    readonly ManualTimeProvider clock = new();
    readonly ScriptedServer server = new();
    readonly RestClient rest;

    public RestClientTests() => rest = new RestClient(Options);

    KithClientOptions Options => new() { Address = new Uri("http://kith.test"), Token = "t", Clock = clock, Handler = server };

    [Fact]
    public async Task A_429_is_waited_out_and_the_request_sent_again()
    {
        server.Answer(429, TooMany).Answer(200, """{"ok":true}""");
        var sending = Get("/users/1");
        await Waiting();
        Assert.Equal(1, server.Count);
        clock.Advance(TimeSpan.FromSeconds(2.4));
        Assert.Equal(1, server.Count);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True((await Finish(sending)).GetProperty("ok").GetBoolean());
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public async Task A_429_that_asks_for_too_much_patience_ends_the_request()
    {
        server.Answer(429, """{"message":"no","retry_after":3600,"global":true}""");
        var refused = await Assert.ThrowsAsync<RateLimitedException>(() => Get("/users/1"));
        Assert.Equal(TimeSpan.FromHours(1), refused.RetryAfter);
        Assert.True(refused.Global);
    }

    [Fact]
    public async Task A_429_again_and_again_ends_the_request()
    {
        for (var i = 0; i < Options.Attempts; i++)
            server.Answer(429, TooMany);
        var sending = Get("/users/1");
        for (var i = 1; i < Options.Attempts; i++)
        {
            await Waiting();
            clock.Advance(TimeSpan.FromSeconds(3));
        }

        await Assert.ThrowsAsync<RateLimitedException>(() => Finish(sending));
        Assert.Equal(Options.Attempts, server.Count);
    }

    [Fact]
    public async Task A_global_429_holds_back_every_other_route()
    {
        server.Answer(429, """{"message":"no","retry_after":2,"global":true}""").Answer(200).Answer(200);
        var first = Get("/users/1");
        await Waiting();
        var second = Get("/channels/222222222222222222");
        await Waiting(timers: 2);
        Assert.Equal(1, server.Count);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Finish(first);
        await Finish(second);
    }

    [Fact]
    public async Task An_empty_bucket_is_waited_for_and_not_run_into()
    {
        server.Answer(200, "{}", ScriptedServer.Bucket("b", limit: 2, remaining: 0, resetAfter: 5)).Answer(200, "{}", ScriptedServer.Bucket("b", 2, 1, 5));
        await Get("/channels/111111111111111111/messages");
        var second = Get("/channels/111111111111111111/messages");
        await Waiting();
        Assert.Equal(1, server.Count);
        clock.Advance(TimeSpan.FromSeconds(5));
        await Finish(second);
    }

    [Fact]
    public async Task Channels_are_counted_apart()
    {
        server.Answer(200, "{}", ScriptedServer.Bucket("b", 1, 0, 5)).Answer(200, "{}", ScriptedServer.Bucket("b", 1, 0, 5));
        await Get("/channels/111111111111111111/messages");
        await Finish(Get("/channels/222222222222222222/messages"));
    }

    [Fact]
    public async Task Routes_of_one_bucket_share_its_allowance()
    {
        server.Answer(200, "{}", ScriptedServer.Bucket("shared", 2, 1, 5)).Answer(200, "{}", ScriptedServer.Bucket("shared", 2, 0, 5)).Answer(200);
        await Get("/channels/111111111111111111/messages");
        await Get("/channels/111111111111111111/pins");
        var third = Get("/channels/111111111111111111/messages");
        await Waiting();
        Assert.Equal(2, server.Count);
        clock.Advance(TimeSpan.FromSeconds(5));
        await Finish(third);
    }

    [Fact]
    public async Task Requests_under_way_count_against_what_remains()
    {
        var held = new TaskCompletionSource<HttpResponseMessage>();
        server.Answer(200, "{}", ScriptedServer.Bucket("b", 3, 1, 5)).Answer(_ => held.Task).Answer(200);
        await Get("/users/1");
        var second = Get("/users/1");
        await Deadline.Until(() => Task.FromResult(server.Count), n => n == 2, "the second request goes out");
        var third = Get("/users/1");
        await Waiting();
        Assert.Equal(2, server.Count);
        held.SetResult(ScriptedServer.Response(200, "{}", ScriptedServer.Bucket("b", 3, 1, 4)));
        await Finish(second);
        await Finish(third);
    }

    [Fact]
    public async Task Where_answers_carry_no_limits_requests_go_out_together()
    {
        server.Answer(200);
        await Get("/users/1");
        var held = new TaskCompletionSource<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
            server.Answer(async _ => await held.Task is var r && r.IsSuccessStatusCode ? ScriptedServer.Response(200, "{}") : r);
        var all = Enumerable.Range(0, 4).Select(_ => Get("/users/1")).ToArray();
        await Deadline.Until(() => Task.FromResult(server.Count), n => n == 5, "all four are under way");
        held.SetResult(ScriptedServer.Response(200, "{}"));
        await Task.WhenAll(all);
    }

    [Theory]
    [InlineData("GET", 3)]
    [InlineData("PUT", 3)]
    [InlineData("DELETE", 3)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    public async Task Only_what_is_safe_to_repeat_is_repeated_after_a_failure(string method, int requests)
    {
        server.Answer(503).Answer(_ => throw new HttpRequestException("reset")).Answer(200);
        var sending = rest.SendAsync(new HttpMethod(method), "/users/1", new { }, CancellationToken.None);
        await PassTimeUntil(sending);
        if (requests == 1) await Assert.ThrowsAsync<RestException>(() => sending);
        else await sending;
        Assert.Equal(requests, server.Count);
    }

    [Fact]
    public async Task A_send_is_repeated_with_the_same_nonce()
    {
        server.Answer(_ => throw new HttpRequestException("reset")).Answer(200, Message);
        var sending = new MessageCalls(rest).SendAsync(new ChannelId(22), "x", CancellationToken.None);
        await Waiting();
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new MessageId(11), (await Deadline.For(sending, () => "the message")).Id);
        Assert.Equal(2, server.Count);
        Assert.Equal(server.Requests[0], server.Requests[1]);
        var nonce = JsonDocument.Parse(server.Requests[0].Body).RootElement.Str("nonce");
        Assert.InRange(nonce!.Length, 16, 25);
        Assert.True(JsonDocument.Parse(server.Requests[0].Body).RootElement.Bool("enforce_nonce"));
    }

    [Fact]
    public async Task A_refusal_carries_code_message_and_field_errors()
    {
        server.Answer(400, """{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"required"}]}}}""");
        var refused = await Assert.ThrowsAsync<RestException>(() => Get("/users/1"));
        Assert.Equal((400, 50035), (refused.Status, refused.Code));
        Assert.True(refused.Errors.TryGetProperty("content", out _));
    }

    [Fact]
    public async Task An_answer_that_is_no_json_is_a_refusal_as_well()
    {
        server.Answer(404, "<html>nginx</html>");
        var refused = await Assert.ThrowsAsync<RestException>(() => Get("/users/1"));
        Assert.Equal((404, 0), (refused.Status, refused.Code));
        Assert.Contains("nginx", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_a_bucket_can_be_cancelled()
    {
        server.Answer(200, "{}", ScriptedServer.Bucket("b", 1, 0, 500));
        await Get("/users/1");
        using var patience = new CancellationTokenSource();
        var waiting = rest.SendAsync(HttpMethod.Get, "/users/1", null, patience.Token);
        await Waiting();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, server.Count);
    }

    Task<JsonElement> Get(string path) => rest.SendAsync<JsonElement>(HttpMethod.Get, path, null, CancellationToken.None);

    /// <summary>Until the client has armed its timers, so that advancing the clock reaches them.</summary>
    async Task Waiting(int timers = 1) => await Deadline.Until(() => Task.FromResult(clock.Armed), n => n >= timers, $"{timers} timers are armed");

    async Task PassTimeUntil(Task done) => await Deadline.Until(
        () =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(done.IsCompleted);
        },
        completed => completed,
        "the request ends");

    static Task<JsonElement> Finish(Task<JsonElement> sending) => Deadline.For(sending, () => "the answer");
}

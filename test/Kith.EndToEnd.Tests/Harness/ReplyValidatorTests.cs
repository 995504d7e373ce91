using Kith.Testing;

namespace Kith.EndToEnd.Tests.Harness;

public sealed class ReplyValidatorTests
{
    const string User = """{"id":"1","username":"a","discriminator":"0","global_name":null,"avatar":null,"flags":0,"public_flags":0,"primary_guild":null}""";

    [Fact]
    public async Task A_reply_that_follows_the_document_passes() => Assert.Empty(await ReplyValidator.Check("GET", "/users/1", 200, User));

    [Theory]
    [InlineData("GET", "/users/1", 200, """{"id":1}""", "/id: must be string")]
    [InlineData("GET", "/users/1", 200, "{}", "must have required property 'username'")]
    [InlineData("GET", "/users/1", 200, "{", "not JSON")]
    [InlineData("GET", "/users/1", 201, User, "status 201 is none of those of GET /users/{user_id}")]
    [InlineData("DELETE", "/channels/1/messages/2", 204, "{}", "has no body")]
    [InlineData("GET", "/users/1", 404, """{"message":"no code"}""", "must have required property 'code'")]
    public async Task A_reply_that_leaves_the_document_is_named(string method, string path, int status, string body, string complaint) =>
        Assert.Contains(await ReplyValidator.Check(method, path, status, body), error => error.Contains(complaint, StringComparison.Ordinal));

    [Fact]
    public async Task Literal_segments_win_over_parameters()
    {
        // /users/@me requires mfa_enabled, /users/{user_id} does not.
        Assert.Contains(await ReplyValidator.Check("GET", "/users/@me", 200, User), e => e.Contains("mfa_enabled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Operations_that_the_document_lacks_are_not_known()
    {
        Assert.True(await ReplyValidator.Knows("POST", "/channels/1/messages"));
        Assert.False(await ReplyValidator.Knows("POST", "/auth/register"));
    }
}

using Kith.Domain;
using Kith.Engine.Push;

namespace Kith.Server.Http;

/// <summary>
/// /unsubscribe, which mails link to: asks with a button, since programs that look through mails follow links too; a POST, by the button or by a mail program (RFC 8058), ends them.
/// </summary>
sealed class UnsubscribeEndpoint(Unsubscribing unsubscribing)
{
    public Task<IResult> AskAsync(string? user, string? signature) => Task.FromResult(
        Read(user, signature) is null ? Page(400, "This link is not valid.") : Page(200, "<form method=\"post\"><button>Send me no more mails</button></form>"));

    public async Task<IResult> EndAsync(string? user, string? signature, CancellationToken ct) => Read(user, signature) is not { } id
        ? Page(400, "This link is not valid.")
        : await unsubscribing.EndAsync(id, ct) ? Page(200, "Done: there will be no more mails. You can turn them on again in your settings.") : Page(404, "There is no such account any more.");

    UserId? Read(string? user, string? signature) =>
        Snowflake.TryParse(user, out var id) && signature is not null && unsubscribing.IsGenuine(new UserId(id), signature) ? new UserId(id) : null;

    static IResult Page(int status, string body) => Results.Content(
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Kith</title><p>{body}</p></html>", "text/html; charset=utf-8", statusCode: status);
}

using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>A client that asks the next process where one does not answer, until it is answered.</summary>
sealed class Insisting(IVictim server, string token, int first)
{
    /// <summary>Between one attempt and the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    int turn = first;

    /// <summary>Attempts that were not answered, or with 5xx.</summary>
    public int Failures { get; private set; }

    /// <summary>The first answer below 500, and when it was asked for where attempts before had none: what they asked for may have been done.</summary>
    public async Task<(ApiReply Reply, DateTimeOffset? Repeated)> AskAsync(HttpMethod method, string path, object? body = null)
    {
        for (DateTimeOffset? repeated = null; ; repeated = DateTimeOffset.UtcNow)
        {
            var processes = server.Processes;
            try
            {
                var reply = await processes[turn % processes.Count].With(token).Send(method, path, body);
                if (reply.Status < 500) return (reply, repeated);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                // It was killed.
            }

            Failures++;
            turn++;
            await Task.Delay(Pause);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>Someone who writes one message after the other, and repeats each with its nonce until it is acknowledged.</summary>
sealed class Talker(TestUser user, ChannelId channel, TestUser mentioned)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    int next;

    /// <summary>Id and content of what the server said it has.</summary>
    public ConcurrentDictionary<MessageId, string> Acknowledged { get; } = new();

    /// <summary>Attempts that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>The longest that a message has waited to be acknowledged, its repetitions included, since <see cref="Watch"/>.</summary>
    public TimeSpan Longest { get; private set; }

    public void Watch() => Longest = TimeSpan.Zero;

    public async Task TalkAsync(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
            await SayAsync();
    }

    /// <summary>Returns when it is acknowledged.</summary>
    public async Task SayAsync()
    {
        var (number, nonce) = (next++, $"{user.Id.Value % 1_000_000}.{next}");
        // Every tenth mentions someone.
        var content = number % 10 == 0 ? $"{user.Name} {number} {mentioned.Mention}" : $"{user.Name} {number}";
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var reply = await user.Api.Post($"/channels/{channel}/messages", new { content, nonce, enforce_nonce = true });
                if (reply.Status == 200)
                {
                    if (waited.Elapsed > Longest) Longest = waited.Elapsed;
                    Acknowledged[reply.Json.Id<MessageId>()] = content;
                    return;
                }

                if (reply.Status < 500) Assert.Fail($"{reply.Request} was answered {reply.Status}: {reply.Text}");
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                // The node or its dependency is away; the nonce makes it the same message.
            }

            Failures++;
            await Task.Delay(Pause);
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Gateway nodes ask one another by publish and subscribe: every node says whether it has an answer, so that nobody waits for those who have none. A question or answer that is lost is one
/// without an answer.
/// </summary>
public sealed partial class RedisGatewayPeers(RedisLink link, RedisInboxReader inbox, NodeId node, TimeProvider clock, ILogger<RedisGatewayPeers> log) : IGatewayPeers, IHostedService, IDisposable
{
    const string All = "kith:gateways";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly string own = $"{All}:{node}";
    readonly ConcurrentDictionary<string, Question> asked = new(StringComparer.Ordinal);
    readonly CancellationTokenSource stopping = new();
    Func<byte[], CancellationToken, Task<byte[]?>>? answer;

    public void Answer(Func<byte[], CancellationToken, Task<byte[]?>> answer) => this.answer = answer;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await link.Subscriber.SubscribeAsync(own, (_, message) => Answered(message));
        await link.Subscriber.SubscribeAsync(All, (channel, message) => _ = Task.Run(() => AnswerAsync(message), CancellationToken.None));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await link.Subscriber.UnsubscribeAsync(All, flags: CommandFlags.FireAndForget);
    }

    public void Dispose() => stopping.Dispose();

    public async ValueTask CatchUpAsync(CancellationToken ct) => await inbox.CatchUpAsync(ct);

    public async ValueTask<byte[]?> AskAsync(byte[] question, CancellationToken ct)
    {
        var id = Guid.NewGuid().ToString("N");
        var waiting = asked[id] = new Question();
        try
        {
            // This node is among those that hear it, and has no answer either.
            waiting.Expect((int)await link.RunAsync(db => db.PublishAsync(All, Envelope(own, id, question)), ct));
            return await waiting.Answered.WaitAsync(Patience, clock, ct);
        }
        catch (Exception e) when (e is UnavailableException or TimeoutException)
        {
            LogUnanswered(e.Message);
            return null;
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    async Task AnswerAsync(byte[] message)
    {
        var (to, id, question) = Open(message);
        byte[]? found = null;
        try
        {
            if (to != own && answer is not null) found = await answer(question, stopping.Token);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogFailed(e);
        }

        // One byte first: whether there is an answer.
        byte[] reply = found is null ? [0] : [1, .. found];
        await link.Subscriber.PublishAsync(to, Envelope(own, id, reply), CommandFlags.FireAndForget);
    }

    void Answered(byte[] message)
    {
        var (_, id, reply) = Open(message);
        if (asked.TryGetValue(id, out var waiting)) waiting.Take(reply[0] == 1 ? reply[1..] : null);
    }

    static byte[] Envelope(string from, string id, byte[] content) => [.. Encoding.UTF8.GetBytes($"{from}\n{id}\n"), .. content];

    static (string From, string Id, byte[] Content) Open(byte[] message)
    {
        var first = Array.IndexOf(message, (byte)'\n');
        var second = Array.IndexOf(message, (byte)'\n', first + 1);
        return (Encoding.UTF8.GetString(message, 0, first), Encoding.UTF8.GetString(message, first + 1, second - first - 1), message[(second + 1)..]);
    }

    /// <summary>Answers may come before it is known how many there will be.</summary>
    sealed class Question
    {
        readonly TaskCompletionSource<byte[]?> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int missing;

        public Task<byte[]?> Answered => answered.Task;

        public void Expect(int nodes)
        {
            if (Interlocked.Add(ref missing, nodes) <= 0) answered.TrySetResult(null);
        }

        public void Take(byte[]? answer)
        {
            if (answer is not null) answered.TrySetResult(answer);
            if (Interlocked.Decrement(ref missing) == 0) answered.TrySetResult(null);
        }
    }

    [LoggerMessage(2295, LogLevel.Warning, "A question to the other gateways had no answer: {Why}")]
    partial void LogUnanswered(string why);

    [LoggerMessage(2296, LogLevel.Error, "A question of another gateway could not be answered")]
    partial void LogFailed(Exception e);
}

using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>What one sender knows of a message that the server has acknowledged.</summary>
/// <param name="IsDoubtful">Whether the answer that said it is gone was to a repetition: then nobody is promised an event about it.</param>
sealed record Written(MessageId Id, string Content, bool IsDeleted = false, bool IsDoubtful = false);

/// <summary>
/// One person who writes as fast as the server answers, changes and deletes some of it, acks what it has read, and remembers what was acknowledged. What was not answered is asked for
/// again, with the same nonce, before anything else.
/// </summary>
sealed class Writer(IVictim server, TestUser user, ChannelId channel, UserId mentioned, int seed)
{
    const int MentionEvery = 10;

    readonly Random random = new(seed);
    readonly List<Written> acknowledged = [];
    readonly Insisting api = new(server, user.Token, seed);
    int next;

    public TestUser User => user;

    public ChannelId Channel => channel;

    public IReadOnlyList<Written> Acknowledged => acknowledged;

    /// <summary>The newest message that the server said it has marked as read.</summary>
    public MessageId Read { get; private set; }

    public int Failures => api.Failures;

    /// <summary>Sends that were not answered the first time.</summary>
    public int Repeated { get; private set; }

    /// <summary>Of those, the ones that had been stored all the same.</summary>
    public int FoundStored { get; private set; }

    /// <param name="onAcknowledged">Called after each answer.</param>
    /// <param name="until">What was begun is finished.</param>
    public async Task WriteAsync(Action onAcknowledged, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            await StepAsync();
            onAcknowledged();
        }
    }

    /// <summary>Sends one more message.</summary>
    public async Task<MessageId> SayAsync()
    {
        var (content, nonce) = ($"{seed}-{next}{(next % MentionEvery == 0 ? $" <@{mentioned}>" : "")}", $"{seed}.{next++}");
        var (reply, repeated) = await api.AskAsync(HttpMethod.Post, $"/channels/{channel}/messages", new { content, nonce, enforce_nonce = true });
        var id = reply.Ok().Id<MessageId>();
        acknowledged.Add(new Written(id, content));
        if (repeated is { } last)
        {
            Repeated++;
            if (Snowflake.TimestampOf(id.Value) < last - (Insisting.Pause / 2)) FoundStored++;
        }

        return id;
    }

    Task StepAsync()
    {
        if (acknowledged.Count == 0) return SayAsync();
        var any = random.Next(acknowledged.Count);
        return random.Next(12) switch
        {
            0 when !acknowledged[any].IsDeleted => DeleteAsync(any),
            1 when !acknowledged[any].IsDeleted => EditAsync(any, $"{acknowledged[any].Content}, changed {next}"),
            2 => AckAsync(acknowledged[^1].Id),
            _ => SayAsync(),
        };
    }

    async Task DeleteAsync(int index)
    {
        var (reply, repeated) = await api.AskAsync(HttpMethod.Delete, $"/channels/{channel}/messages/{acknowledged[index].Id}");
        // Repeated after a lost answer, it may be gone already.
        var isDoubtful = repeated is not null && reply.Status == 404;
        if (!isDoubtful) reply.Ok(204);
        acknowledged[index] = acknowledged[index] with { IsDeleted = true, IsDoubtful = isDoubtful };
    }

    async Task EditAsync(int index, string content)
    {
        var (reply, _) = await api.AskAsync(HttpMethod.Patch, $"/channels/{channel}/messages/{acknowledged[index].Id}", new { content });
        acknowledged[index] = acknowledged[index] with { Content = reply.Ok().Str("content")! };
    }

    async Task AckAsync(MessageId message)
    {
        (await api.AskAsync(HttpMethod.Post, $"/channels/{channel}/messages/{message}/ack", new { })).Reply.Ok();
        Read = message;
    }
}

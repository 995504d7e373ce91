using System.Diagnostics;
using Kith.Client;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>One stretch of a client's life without a new IDENTIFY: what the channel's newest message was when it began, and what came since.</summary>
sealed class Stretch(MessageId tail)
{
    public MessageId Tail => tail;

    public List<MessageId> Came { get; } = [];

    /// <summary>How many had come whenever the session was resumed.</summary>
    public List<int> Resumed { get; } = [];
}

/// <summary>A real client that stays in a channel whatever happens to its connections, and takes down each message as it comes.</summary>
sealed class Listener : IAsyncDisposable
{
    readonly KithClient client;
    readonly ChannelId channel;
    readonly CancellationTokenSource ending = new();
    readonly Lock gate = new();
    readonly List<Stretch> stretches = [];
    readonly Task listening;
    long cameAt = Stopwatch.GetTimestamp();

    public Listener(Uri address, TestUser user, ChannelId channel)
    {
        (User, this.channel) = (user, channel);
        client = new KithClient(new KithClientOptions { Address = address, Token = user.Token });
        listening = Task.Run(ListenAsync);
    }

    public TestUser User { get; }

    /// <summary>How often the client had to begin anew, and how often it could resume.</summary>
    public (int Began, int Resumed) Connections { get; private set; }

    /// <summary>What the client shows on the channel: mentions since it was last read.</summary>
    public int Mentions => client.State?.Mentions(channel) ?? 0;

    /// <summary>The longest between two messages since <see cref="Watch"/>.</summary>
    public TimeSpan Longest { get; private set; }

    public Stretch[] Stretches
    {
        get
        {
            lock (gate) return [.. stretches];
        }
    }

    public MessageId Newest
    {
        get
        {
            lock (gate) return stretches.Count == 0 ? default : stretches[^1].Came.Count > 0 ? stretches[^1].Came[^1] : stretches[^1].Tail;
        }
    }

    public void Watch()
    {
        lock (gate) (cameAt, Longest) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
        ending.Dispose();
    }

    async Task ListenAsync()
    {
        await foreach (var e in client.EventsAsync(ending.Token))
        {
            lock (gate) Take(e);
        }
    }

    void Take(GatewayEvent e)
    {
        switch (e)
        {
            case GuildCreated { Guild.Channels: { } channels } when channels.FirstOrDefault(c => c.Id == channel) is { } mine:
                stretches.Add(new Stretch(mine.LastMessageId.Or(null) ?? default));
                Connections = Connections with { Began = Connections.Began + 1 };
                break;
            case MessageCreated { Message: var message } when message.ChannelId == channel:
                stretches[^1].Came.Add(message.Id);
                if (Stopwatch.GetElapsedTime(cameAt) is var without && without > Longest) Longest = without;
                cameAt = Stopwatch.GetTimestamp();
                break;
            case SessionResumed:
                stretches[^1].Resumed.Add(stretches[^1].Came.Count);
                Connections = Connections with { Resumed = Connections.Resumed + 1 };
                break;
        }
    }
}

using Kith.Client;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>A real client that builds channels' messages from events alone, from the newest on that there was when its session began.</summary>
sealed class Follower : IAsyncDisposable
{
    readonly KithClient client;
    readonly GuildId guild;
    readonly CancellationTokenSource ending = new();
    readonly Lock gate = new();
    readonly List<string> wrong = [];
    readonly Task listening;
    Dictionary<ChannelId, FollowedChannel> channels = [];

    public Follower(Uri address, TestUser user, GuildId guild)
    {
        this.guild = guild;
        client = new KithClient(new KithClientOptions { Address = address, Token = user.Token });
        listening = Task.Run(ListenAsync);
    }

    /// <summary>How often it had to begin anew, and how often it could resume.</summary>
    public (int Began, int Resumed) Connections { get; private set; }

    /// <summary>Messages that came twice or out of order.</summary>
    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (gate) return [.. wrong];
        }
    }

    /// <summary>The newest message that was there or came; nothing before the session began.</summary>
    public MessageId Newest(ChannelId channel)
    {
        lock (gate) return channels.TryGetValue(channel, out var known) ? known.Newest : default;
    }

    /// <summary>What the session did not find there, and what came of it.</summary>
    public (MessageId Tail, Dictionary<MessageId, string> Messages) Since(ChannelId channel)
    {
        lock (gate) return (channels[channel].Tail, new(channels[channel].Messages));
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
            case GuildCreated { Guild: { Channels: { } present } joined } when joined.Id == guild:
                channels = present.ToDictionary(c => c.Id, c => new FollowedChannel(c.LastMessageId.Or(null) ?? default));
                Connections = Connections with { Began = Connections.Began + 1 };
                break;
            case SessionResumed:
                Connections = Connections with { Resumed = Connections.Resumed + 1 };
                break;
            case MessageCreated { Message: var message } when channels.TryGetValue(message.ChannelId, out var channel):
                if (!channel.Add(message.Id, message.Content)) wrong.Add($"{message.Id} \"{message.Content}\" after {channel.Newest}");
                break;
            case MessageUpdated { Message: var message } when channels.TryGetValue(message.ChannelId, out var channel) && channel.Messages.ContainsKey(message.Id):
                channel.Messages[message.Id] = message.Content;
                break;
            case MessageDeleted { Deletion: var deletion } when channels.TryGetValue(deletion.ChannelId, out var channel):
                channel.Messages.Remove(deletion.Id);
                break;
        }
    }

    sealed class FollowedChannel(MessageId tail)
    {
        public MessageId Tail { get; } = tail;

        public MessageId Newest { get; private set; } = tail;

        public Dictionary<MessageId, string> Messages { get; } = [];

        /// <summary>False where it should not come now.</summary>
        public bool Add(MessageId id, string content)
        {
            // What the session's begin counted in already may come as well: published then, or because it is sent again.
            if (id <= Tail) return true;
            if (id <= Newest) return false;
            Newest = id;
            Messages.Add(id, content);
            return true;
        }
    }
}

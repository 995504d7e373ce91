namespace Kith.Client;

/// <summary>The typed REST calls, by resource. What is missing here goes through <see cref="Raw"/>.</summary>
public sealed class KithRest : IDisposable
{
    public KithRest(KithClientOptions options)
    {
        Raw = new RestClient(options);
        Accounts = new AccountCalls(Raw);
        Users = new UserCalls(Raw);
        Guilds = new GuildCalls(Raw);
        Channels = new ChannelCalls(Raw);
        Messages = new MessageCalls(Raw);
        Unread = new UnreadCalls(Raw);
    }

    public RestClient Raw { get; }

    public AccountCalls Accounts { get; }

    public UserCalls Users { get; }

    public GuildCalls Guilds { get; }

    public ChannelCalls Channels { get; }

    public MessageCalls Messages { get; }

    public UnreadCalls Unread { get; }

    public void Dispose() => Raw.Dispose();
}

namespace Kith.Cluster.Redis;

/// <summary>A Lua script: Redis runs it as one step. Keys come as KEYS, everything else as ARGV.</summary>
sealed record RedisScript(string Text);

/// <summary>
/// What Kith keeps in Redis. All of it can be lost at any time: nodes notice and write anew what they hold. Processes of two releases share it while a cluster is upgraded, so the form of what has a name
/// here does not change: another form gets another name, and for one release both are written.
/// <code>
/// kith:epoch                   string   when this Redis was found empty (µs): another value means that everything was lost
/// kith:hosting                 string   grows when a node hosts somebody new, or is listed
/// kith:nodes                   zset     gateway node → end of its lease (Unix ms); only nodes that have written down all whom they host
/// kith:node:{node}:users       set      users that the node hosts      ┐ what has to be taken back
/// kith:node:{node}:guilds      set      guilds that the node hosts     ┘ when it is gone
/// kith:node:{node}:writing     string   token of a node that is writing down whom it hosts
/// kith:node:{node}:reaping     string   somebody is doing that
/// kith:node:{node}:reaped      string   it was done: the node, should it come back, has missed events
/// kith:user:{user}             set      nodes that host the user
/// kith:guild:{guild}           set      nodes that host the guild
/// kith:presence:{user}         hash     node → its connected sessions of the user
/// kith:inbox:{node}            stream   numbered events for the node, capped; published under the same name
/// kith:inbox:{node}:last       hash     the last number, and when it was begun (µs)
/// kith:mentions:{user}         hash     generation, keys of unread mentions
/// kith:mentions:{user}:build   string   token of whoever reads them from the store
/// kith:mentions:{user}:hold    string   how many commits that change them are under way
/// kith:mentions:generation     string   grows when all are dropped
/// kith:rate:{scope}:{who}:{where}  string  a count, until its window ends
/// kith:changes                 channel  what every process must forget; kith:changes:{process}: who has
/// </code>
/// </summary>
static class RedisKeys
{
    public const string Epoch = "kith:epoch";
    public const string Nodes = "kith:nodes";
    public const string HostingVersion = "kith:hosting";
    public const string Changes = "kith:changes";
    public const string MentionGeneration = "kith:mentions:generation";

    public static string UsersOf(string node) => $"kith:node:{node}:users";

    public static string GuildsOf(string node) => $"kith:node:{node}:guilds";

    public static string Writing(string node) => $"kith:node:{node}:writing";

    public static string Reaped(string node) => $"kith:node:{node}:reaped";

    public static string Reaping(string node) => $"kith:node:{node}:reaping";

    public static string User(long user) => $"kith:user:{user}";

    public static string Guild(long guild) => $"kith:guild:{guild}";

    public static string Presence(long user) => $"kith:presence:{user}";

    public static string Inbox(string node) => $"kith:inbox:{node}";

    public static string InboxLast(string node) => $"kith:inbox:{node}:last";

    public static string Mentions(long user) => $"kith:mentions:{user}";

    public static string ChangesTo(string process) => $"kith:changes:{process}";
}

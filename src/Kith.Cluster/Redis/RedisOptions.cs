using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Cluster.Redis;

public sealed record RedisOptions
{
    [Description("Where Redis is: host:port, several separated by commas for a replicated one. Empty: none, the process stands alone.")]
    public string Address { get; init; } = "";

    [Description("Its password, where it asks for one.")]
    [PasswordPropertyText]
    public string Password { get; init; } = "";

    [Description("Whether the connection is encrypted.")]
    public bool Tls { get; init; }

    [Description("How long a command may take; Redis counts as away then, and what can goes on without it.")]
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    [Description("How long a gateway node that has stopped answering counts as alive. One that was silent for longer has its clients begin anew.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    [Description("Events kept for a gateway node that is cut off. With more, its clients must begin anew.")]
    [Range(16, 10_000_000)]
    public int InboxCapacity { get; init; } = 100_000;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kith.Domain;

namespace Kith.Server;

/// <summary>What a process does. All of them in one process is a server on its own.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Answers requests.</summary>
    Api = 1,

    /// <summary>Holds sockets.</summary>
    Gateway = 2,

    /// <summary>Takes events off the log and hands them to gateways.</summary>
    Delivery = 4,

    /// <summary>Takes events off the log and pushes to those who are offline.</summary>
    Notify = 8,

    All = Api | Gateway | Delivery | Notify,
}

public sealed record ClusterOptions
{
    /// <summary>From here on ids of workers are for commands.</summary>
    public const int MaxWorker = 767;

    [Description("The number by which this process's ids differ from those of all others. No two processes may have the same at one time. -1: one that is free, where there is ZooKeeper; else 0.")]
    [Range(-1, MaxWorker)]
    public int Worker { get; init; } = -1;

    [Description("This process's name, unique in the cluster. Empty: the machine's name with a random part.")]
    [RegularExpression("[a-zA-Z0-9._-]{0,100}")]
    public string Node { get; init; } = "";
}

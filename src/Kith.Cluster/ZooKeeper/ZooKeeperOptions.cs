using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Cluster.ZooKeeper;

/// <summary>
/// ZooKeeper, in clusters. Its nodes, below <see cref="Root"/>:
/// <code>
/// nodes
///   {name}         ephemeral: {"address", "region", "capacity", "load", "instance", "schema"} of a live process. Fields may be added: who does not know one leaves it out
/// workers
///   {0-767}        the latest time that an id of this worker may bear, in Unix milliseconds; stays when nobody has the worker
///     holder       ephemeral: name of the process that has it, and a mark of its session
/// </code>
/// </summary>
public sealed record ZooKeeperOptions
{
    [Description("Servers, such as zk1:2181,zk2:2181,zk3:2181.")]
    public string Servers { get; init; } = "";

    [Description("The node below which everything is kept.")]
    [RegularExpression("/[a-zA-Z0-9._/-]{1,200}")]
    public string Root { get; init; } = "/kith";

    [Description("How long a process that is no longer heard from counts as live. It stops minting ids after two thirds of it.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

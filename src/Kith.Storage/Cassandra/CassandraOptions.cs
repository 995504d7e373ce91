using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Storage.Cassandra;

/// <summary>Here and not beside the adapter, so that a kith built without the driver knows the options and can say that it cannot follow them.</summary>
public sealed record CassandraOptions : IValidatableObject
{
    [Description("Nodes to begin with, such as cassandra1,cassandra2; they name the others. Messages, mentions by user and last seen are kept there in place of MySql, for good: chosen with the instance's first start. Empty: MySql keeps them.")]
    public string ContactPoints { get; init; } = "";

    [Description("The port of all nodes.")]
    [Range(1, 65_535)]
    public int Port { get; init; } = 9042;

    [Description("The keyspace; made where it does not exist, with Replication copies in LocalDatacenter. Make it yourself for more than one datacenter.")]
    [RegularExpression("[a-z][a-z0-9_]{0,47}")]
    public string Keyspace { get; init; } = "kith";

    [Description("The datacenter of this process, as the nodes call it: only its nodes are asked, and a majority of its copies must answer (LOCAL_QUORUM).")]
    [Required]
    public string LocalDatacenter { get; init; } = "datacenter1";

    [Description("Copies of everything, where the keyspace is made. With 3 one node may be lost.")]
    [Range(1, 9)]
    public int Replication { get; init; } = 3;

    [Description("The user, where the nodes want one.")]
    public string User { get; init; } = "";

    [Description("The user's password.")]
    [PasswordPropertyText]
    public string Password { get; init; } = "";

    [Description("Whether nodes are spoken to over TLS.")]
    public bool Tls { get; init; }

    [Description("For TLS: a PEM file with the certificate of who signed the nodes'. Empty: the system's.")]
    public string Authority { get; init; } = "";

    [Description("The newest version of the native protocol to speak: 4 is the driver's newest, and nodes from 2.2 to 5 answer to it.")]
    [Range(3, 4)]
    public int Protocol { get; init; } = 4;

    [Description("How long a node may take to answer before another one is asked.")]
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    public bool IsSet => ContactPoints.Length > 0;

    public IReadOnlyList<string> Nodes => ContactPoints.Split(',', StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (User.Length > 0 != Password.Length > 0) yield return new("User and Password go together", [nameof(User), nameof(Password)]);
        if (Authority.Length > 0 && !Tls) yield return new("is used only with Tls", [nameof(Authority)]);
        if (IsSet && Nodes.FirstOrDefault(n => Uri.CheckHostName(n) == UriHostNameType.Unknown) is { } node)
            yield return new($"\"{node}\" is not the name or address of a node; the port is Cassandra:Port", [nameof(ContactPoints)]);
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kith.Api.Http;
using Kith.Cluster.Kafka;
using Kith.Cluster.Redis;
using Kith.Cluster.ZooKeeper;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Media;
using Kith.Engine.Push;
using Kith.Server.Configuration;
using Kith.Server.Http;
using Kith.Server.Metrics;
using Kith.Server.Telemetry;
using Kith.Storage.Blobs;
using Kith.Storage.Cassandra;
using Kith.Storage.Sql;

namespace Kith.Server;

/// <summary>
/// What the person who runs the server can set: in the file of <c>--config</c>, in <c>KITH__…</c> environment variables, or on the command line.
/// A feature's options are a record beside the feature with a property here; each is in the container as a singleton of its own type. Every property
/// has a [Description], from which docs/configuration.md and the sample are made, and validation attributes or IValidatableObject for what is not allowed.
/// </summary>
public sealed record KithOptions : IValidatableObject
{
    [Description("Where to listen: one or more addresses, separated by semicolons. https:// needs Http:Certificate.")]
    [Required]
    public string Urls { get; init; } = "http://localhost:8080";

    [Description("The folder of the embedded store, the instance's keys and the media. Made where it does not exist.")]
    [Required]
    public string Data { get; init; } = "./data";

    [Description("What this process does: api, gateway, delivery, notify, separated by commas. All of them: a server on its own. Anything else is part of a cluster, which needs MySql, Redis and Kafka.")]
    public string Roles { get; init; } = "api,gateway,delivery,notify";

    [Description("How long requests and sockets may take to finish once the server was told to stop.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Description("Connections, proxies, other origins.")]
    public HttpOptions Http { get; init; } = new();

    [Description("What is logged, and how. Logs go to standard error.")]
    public LoggingOptions Logging { get; init; } = new();

    [Description("What is counted, for those who watch over the server.")]
    public MetricsOptions Metrics { get; init; } = new();

    [Description("OpenTelemetry: what is traced and counted, sent to a collector.")]
    public TelemetryOptions Telemetry { get; init; } = new();

    [Description("The web client.")]
    public WebOptions Web { get; init; } = new();

    [Description("Accounts and logins.")]
    public AccountOptions Accounts { get; init; } = new();

    [Description("Gateway sockets and sessions.")]
    public GatewayOptions Gateway { get; init; } = new();

    [Description("The relational store of a cluster.")]
    public MySqlOptions MySql { get; init; } = new();

    [Description("The store of messages of a large cluster, beside MySql. Needs a kith built with -p:Drivers=all.")]
    public CassandraOptions Cassandra { get; init; } = new();

    [Description("What joins the processes of a cluster.")]
    public RedisOptions Redis { get; init; } = new();

    [Description("The log of events of a cluster.")]
    public KafkaOptions Kafka { get; init; } = new();

    [Description("Who is live in a cluster, and whose ids are whose. Without it each process needs a Cluster:Worker of its own.")]
    public ZooKeeperOptions ZooKeeper { get; init; } = new();

    [Description("This process among the others.")]
    public ClusterOptions Cluster { get; init; } = new();

    [Description("How many requests are taken; see limits.md.")]
    public RateLimitsOptions RateLimits { get; init; } = new();

    [Description("Notifications on devices.")]
    public PushOptions Push { get; init; } = new();

    [Description("How much of everything there may be.")]
    public LimitsOptions Limits { get; init; } = new();

    [Description("Files: what people upload, and where it lies.")]
    public MediaOptions Media { get; init; } = new();

    [Description("An S3 server that keeps the files in place of the data folder: MinIO, Ceph, AWS.")]
    public S3Options S3 { get; init; } = new();

    /// <summary>Other processes serve the same data.</summary>
    public bool IsClustered => Redis.Address.Length > 0;

    /// <summary>What this process does.</summary>
    public bool Does(Roles role) => Enum.TryParse<Roles>(Roles, ignoreCase: true, out var roles) && roles.HasFlag(role);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Enum.TryParse<Roles>(Roles, ignoreCase: true, out var roles) || roles == Server.Roles.None || (roles & ~Server.Roles.All) != Server.Roles.None)
            yield return new($"\"{Roles}\" has something else than api, gateway, delivery and notify", [nameof(Roles)]);
        else if (roles != Server.Roles.All && !IsClustered)
            yield return new("a process with some of the roles needs Redis:Address, Kafka:Servers and MySql:Connection", [nameof(Roles)]);
        if (IsClustered && Kafka.Servers.Length == 0) yield return new("the processes of a cluster need one log of events: set Kafka:Servers", [nameof(Roles)]);
        if (IsClustered && MySql.Connection.Length == 0) yield return new("the processes of a cluster need one store: set MySql:Connection", [nameof(Roles)]);
        if (IsClustered && Accounts.Key.Length == 0) yield return new("the processes of a cluster need one key for tokens: set Accounts:Key", [nameof(Roles)]);
        if (!IsClustered && Cassandra.IsSet) yield return new("Cassandra is for clusters: set Redis:Address", [nameof(Roles)]);
        if (!IsClustered && ZooKeeper.Servers.Length > 0) yield return new("ZooKeeper is for clusters: set Redis:Address", [nameof(Roles)]);
        if (IsClustered && ZooKeeper.Servers.Length == 0 && Cluster.Worker < 0) yield return new("without ZooKeeper each process of a cluster needs a Cluster:Worker of its own", [nameof(Roles)]);
        if (ZooKeeper.Servers.Length > 0 && Does(Server.Roles.Gateway) && Gateway.Url.Length == 0) yield return new("a gateway that others send clients to needs Gateway:Url", [nameof(Roles)]);
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Kestrel's parser, which knows http://*:80 and http://unix:/path as well.
            if (!url.Contains("://", StringComparison.Ordinal) || BindingAddress.Parse(url) is not { Scheme: "http" or "https", PathBase: "" } address)
                yield return new($"\"{url}\" is not an address such as http://localhost:8080 or https://*:443", [nameof(Urls)]);
            else if (address.Scheme == "https" && Http.Certificate.Length == 0)
                yield return new("https needs Http:Certificate and Http:CertificateKey", [nameof(Urls)]);
        }
    }

    /// <summary>The records of all sections, this one included.</summary>
    public IEnumerable<object> Sections() => OptionProperty.All.Select(o => o.HolderIn(this)).Distinct(ReferenceEqualityComparer.Instance)!;
}

public enum LogFormat
{
    Simple,
    Json,
}

public sealed record LoggingOptions
{
    [Description("Simple (one line each, for people) or Json (one object a line, for machines).")]
    public LogFormat Format { get; init; } = LogFormat.Simple;

    [Description("The least severe level that is logged.")]
    public LogLevel Level { get; init; } = LogLevel.Information;
}

public sealed record WebOptions
{
    [Description("Whether the web client is served.")]
    public bool Enabled { get; init; } = true;

    [Description("The folder of the built web client. Empty: wwwroot beside the program. Nothing is served where it does not exist.")]
    public string Folder { get; init; } = "";
}

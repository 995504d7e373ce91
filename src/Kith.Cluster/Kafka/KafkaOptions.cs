using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Cluster.Kafka;

public enum KafkaSecurity
{
    None,
    Tls,
    Password,
    TlsAndPassword,
}

/// <summary>
/// Kafka, in clusters. Its one topic, made at the first start:
/// <code>
/// {Prefix}-events    Partitions, keyed by Event.Key    one Event each (EventCodec), read by the groups {Prefix}-delivery and {Prefix}-notify
/// </code>
/// </summary>
public sealed record KafkaOptions : IValidatableObject
{
    [Description("Brokers to begin with, such as kafka1:9092,kafka2:9092; they name the others.")]
    public string Servers { get; init; } = "";

    [Description("How brokers are spoken to: None, Tls, Password (SASL PLAIN) or TlsAndPassword.")]
    public KafkaSecurity Security { get; init; }

    [Description("For SASL: the user.")]
    public string User { get; init; } = "";

    [Description("For SASL: the password.")]
    [PasswordPropertyText]
    public string Password { get; init; } = "";

    [Description("For TLS: a PEM file with the certificate of who signed the brokers'. Empty: the system's.")]
    public string Authority { get; init; } = "";

    [Description("What the names of the topic and of consumer groups begin with.")]
    [RegularExpression("[a-zA-Z0-9._-]{1,100}")]
    public string Prefix { get; init; } = "kith";

    [Description("Partitions of the topic of events, where it is made: bounds how many delivery processes can share the work. Never change it while events are on their way: order is by partition.")]
    [Range(1, 10_000)]
    public int Partitions { get; init; } = 64;

    [Description("Brokers that keep each event, where the topic is made; all but one of them must have it before a send is answered.")]
    [Range(1, 15)]
    public int Replication { get; init; } = 3;

    [Description("How long events are kept for those who have still to read them, where the topic is made.")]
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);

    [Description("How long a request waits until Kafka has taken its event; after that Kafka counts as away and requests are refused at once.")]
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    [Description("How long a broker may keep a reader's request while there is nothing to read. It answers as soon as there is something, so this costs no time, and a shorter one only more requests.")]
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromMilliseconds(500);

    public string EventsTopic => Prefix + "-events";

    internal bool UsesTls => Security is KafkaSecurity.Tls or KafkaSecurity.TlsAndPassword;

    internal bool UsesPassword => Security is KafkaSecurity.Password or KafkaSecurity.TlsAndPassword;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UsesPassword && User.Length == 0) yield return new("needs User and Password", [nameof(Security), nameof(User)]);
        if (Authority.Length > 0 && !UsesTls) yield return new("is used only with Security Tls or TlsAndPassword", [nameof(Authority)]);
    }
}

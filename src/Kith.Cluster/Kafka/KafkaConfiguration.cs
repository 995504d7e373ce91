using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Kith.Cluster.Kafka;

/// <summary>How Kafka's client is set up, for all its uses here.</summary>
static class KafkaConfiguration
{
    /// <summary>The native library is the system's: the package that carries it is not to be had everywhere.</summary>
    static KafkaConfiguration() => NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);

    public static ClientConfig Client(KafkaOptions options) => new()
    {
        BootstrapServers = options.Servers,
        ClientId = "kith",
        SecurityProtocol = (options.UsesTls, options.UsesPassword) switch
        {
            (false, false) => SecurityProtocol.Plaintext,
            (true, false) => SecurityProtocol.Ssl,
            (false, true) => SecurityProtocol.SaslPlaintext,
            (true, true) => SecurityProtocol.SaslSsl,
        },
        // SCRAM would need librdkafka 2.6.
        SaslMechanism = options.UsesPassword ? SaslMechanism.Plain : null,
        SaslUsername = options.UsesPassword ? options.User : null,
        SaslPassword = options.UsesPassword ? options.Password : null,
        SslCaLocation = options.Authority.Length > 0 ? options.Authority : null,
        SocketKeepaliveEnable = true,
        SocketNagleDisable = true,
        // A broker that is back is found again within a second, and one that hangs given up after three: before a consumer has lost its partitions.
        ReconnectBackoffMs = 50,
        ReconnectBackoffMaxMs = 1000,
        SocketTimeoutMs = 3000,
        LogConnectionClose = false,
    };

    public static ProducerConfig Producer(KafkaOptions options) => new(Client(options))
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        // For good: an event whose change is committed stays in line until a broker has it. Who waits for it waits for less.
        MessageTimeoutMs = 0,
        // What comes while a request is under way makes the next batch; waiting for more would only delay the first.
        LingerMs = 0,
        QueueBufferingMaxMessages = 100_000,
        QueueBufferingMaxKbytes = 262_144,
        // Java's, so that other clients find the same partition.
        Partitioner = Partitioner.Murmur2Random,
    };

    public static ConsumerConfig Group(KafkaOptions options, string group) => new(Client(options))
    {
        GroupId = group,
        // Hands over only the partitions that move, while the others go on.
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        // What has been worked on is noted by hand, and sent once a second and when a partition is given away.
        EnableAutoOffsetStore = false,
        EnableAutoCommit = true,
        AutoCommitIntervalMs = 1000,
        // A group that has read nothing yet must miss nothing.
        AutoOffsetReset = AutoOffsetReset.Earliest,
        // The least that brokers allow by default: the partitions of a process that was killed are taken over after it.
        SessionTimeoutMs = 6000,
        HeartbeatIntervalMs = 1500,
        FetchErrorBackoffMs = 100,
        FetchWaitMaxMs = (int)options.FetchWait.TotalMilliseconds,
    };

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "librdkafka" && NativeLibrary.TryLoad("librdkafka.so.1", out var library) ? library : 0;
}

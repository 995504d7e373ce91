using System.Runtime.InteropServices;
using Xunit;

namespace Kith.Testing;

/// <summary>
/// A Kafka cluster in this process: librdkafka's own mock, which speaks the real protocol on real sockets, consumer groups and the idempotent producer included, and keeps
/// everything in memory. Topics are made here: it does not know the request for that. Needs Debian's librdkafka1.
/// </summary>
public sealed partial class MockKafka : IDisposable
{
    /// <summary>It keeps a reader's request for so long whatever comes meanwhile, where a broker answers at once.</summary>
    public static readonly TimeSpan FetchWait = TimeSpan.FromMilliseconds(20);

    const string Library = "librdkafka.so.1";
    const int Producer = 0;

    readonly nint client;
    readonly nint cluster;
    readonly int brokers;

    public MockKafka(int brokers = 1, params ReadOnlySpan<(string Topic, int Partitions)> topics)
    {
        this.brokers = brokers;
        var reason = new byte[512];
        client = New(Producer, NewConfiguration(), reason, (nuint)reason.Length);
        if (client == 0) Assert.Fail("librdkafka does not start.");
        cluster = NewCluster(client, brokers);
        foreach (var (topic, partitions) in topics)
            Assert.Equal(0, CreateTopic(cluster, topic, partitions, brokers));
    }

    public string Servers => Marshal.PtrToStringUTF8(Bootstraps(cluster))!;

    /// <summary>Connections end and no new ones are taken.</summary>
    public void Down()
    {
        for (var id = 1; id <= brokers; id++)
            Assert.Equal(0, SetDown(cluster, id));
    }

    public void Up()
    {
        for (var id = 1; id <= brokers; id++)
            Assert.Equal(0, SetUp(cluster, id));
    }

    /// <summary>The next requests of a kind (Kafka's numbers: 0 Produce, 22 InitProducerId) are answered with these error codes of Kafka's, one after the other.</summary>
    public void Fail(short request, params int[] codes) => PushErrors(cluster, request, (nuint)codes.Length, codes);

    public void Dispose()
    {
        DestroyCluster(cluster);
        Destroy(client);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, byte[] reason, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replication);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short request, nuint count, int[] codes);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);
}

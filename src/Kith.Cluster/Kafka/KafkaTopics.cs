using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Kith.Engine.Delivery;

namespace Kith.Cluster.Kafka;

/// <summary>Makes the topic where it is missing; any number of processes may do so at once.</summary>
public static class KafkaTopics
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="UnavailableException">No broker answered, or it refused; what it said is inside.</exception>
    public static async Task EnsureAsync(KafkaOptions options, CancellationToken ct)
    {
        Error? last = null;
        using var admin = new AdminClientBuilder(KafkaConfiguration.Client(options)).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => last = error).Build();
        try
        {
            // The client's call blocks.
            var known = await Task.Run(() => admin.GetMetadata(Patience), ct);
            if (!known.Topics.Exists(t => t.Topic == options.EventsTopic && t.Error.Code == ErrorCode.NoError))
                await admin.CreateTopicsAsync([Events(options)], new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Another process was quicker.
        }
        catch (CreateTopicsException e)
        {
            throw Refused(e.Results[0].Error, e);
        }
        catch (KafkaException e)
        {
            throw Refused(last ?? e.Error, e);
        }
    }

    static TopicSpecification Events(KafkaOptions options) => new()
    {
        Name = options.EventsTopic, NumPartitions = options.Partitions, ReplicationFactor = (short)options.Replication,
        Configs = new Dictionary<string, string>
        {
            ["retention.ms"] = ((long)options.Retention.TotalMilliseconds).ToString(),
            ["min.insync.replicas"] = Math.Max(1, options.Replication - 1).ToString(),
        },
    };

    static UnavailableException Refused(Error error, Exception inner) => new("Kafka", new IOException(error.Reason, inner));
}

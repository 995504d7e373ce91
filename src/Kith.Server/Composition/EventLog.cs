using Kith.Cluster.InProcess;
using Kith.Cluster.Kafka;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Server.Http;

namespace Kith.Server.Composition;

static class EventLogComposition
{
    /// <summary>Where events go on their way from those who change something to those who are told. Consumers without a key are the delivery role's, those under <see cref="Roles.Notify"/> the other's.</summary>
    public static IServiceCollection AddEventLog(this IServiceCollection services, KithOptions options)
    {
        services
            .AddSingleton<EventDelivery>()
            .AddSingleton<MissingMessages>()
            .AddSingleton<OrderedDelivery>()
            .AddSingleton<IEventConsumer>(s => s.GetRequiredService<OrderedDelivery>());
        return options.IsClustered ? services.AddKafka(options) : services.AddQueue();
    }

    /// <summary>In one process: a queue.</summary>
    static IServiceCollection AddQueue(this IServiceCollection services) => services
        .AddSingleton(s => new InProcessEventLog(
            () => [.. s.GetServices<IEventConsumer>(), .. s.GetKeyedServices<IEventConsumer>(Roles.Notify)], s.GetRequiredService<ILogger<InProcessEventLog>>()))
        .AddSingleton<IEventLog>(s => s.GetRequiredService<InProcessEventLog>())
        .AddHostedService(s => s.GetRequiredService<InProcessEventLog>());

    static IServiceCollection AddKafka(this IServiceCollection services, KithOptions options)
    {
        services
            .AddSingleton<KafkaProducer>()
            .AddSingleton<IEventLog, KafkaEventLog>()
            .AddSingleton(s => new Dependency("kafka", s.GetRequiredService<KafkaProducer>().CheckAsync));
        // Not AddHostedService, which takes only one of a type.
        if (options.Does(Roles.Delivery)) services.AddSingleton<IHostedService>(s => Group(s, options, "delivery", s.GetServices<IEventConsumer>));
        if (options.Does(Roles.Notify)) services.AddSingleton<IHostedService>(s => Group(s, options, "notify", () => s.GetKeyedServices<IEventConsumer>(Roles.Notify)));
        return services;
    }

    static KafkaConsumerGroup Group(IServiceProvider services, KithOptions options, string name, Func<IEnumerable<IEventConsumer>> consumers) =>
        new(options.Kafka, name, consumers, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<KafkaConsumerGroup>>());
}

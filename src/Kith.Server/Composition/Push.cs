using Kith.Cluster.Push;
using Kith.Engine.Delivery;
using Kith.Engine.Push;
using Kith.Server.Configuration;
using Kith.Server.Http;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Push;

namespace Kith.Server.Composition;

static class PushComposition
{
    /// <summary>Who is notified, of what, on which device.</summary>
    public static IServiceCollection AddPush(this IServiceCollection services, KithOptions options)
    {
        services
            .AddSingleton<IPushSubscriptionStore, SqlPushSubscriptionStore>()
            .AddSingleton<IPushAudienceStore>(s => new SqlPushAudienceStore(s.GetRequiredService<SqlDatabase>(), withMail: options.Push.Mail.Host.Length > 0))
            .AddSingleton<IPushDigestStore, SqlPushDigestStore>()
            .AddSingleton<Digests>()
            .AddSingleton<IPushNoticeStore, SqlPushNoticeStore>()
            .AddSingleton<VapidKeys>()
            .AddSingleton<PushSubscriptions>()
            .AddSingleton<PushAudience>()
            .AddSingleton<Absences>()
            .AddSingleton<PushQueue>()
            .AddSingleton<PushThreads>()
            .AddSingleton<MessageNotifier>()
            .AddSingleton<PushConsumer>()
            .AddSingleton<NoteComposer>()
            .AddSingleton<PushCounters>()
            .AddSingleton<ServicePace>()
            .AddSingleton<PushTransports>()
            .AddSingleton<PushSender>()
            .AddSingleton<PushTest>()
            .AddSingleton<Unsubscribing>()
            .AddSingleton<UnsubscribeEndpoint>()
            .AddSingleton<PushReports>()
            .AddPushTransports(options.Push);
        if (!options.Push.Enabled) return services;
        services.AddPushFeed(options);
        return options.Does(Roles.Notify) ? services.AddPushDelivery().AddDigests(options.Push) : services;
    }

    /// <summary>Beside a log in memory, which knows nothing of what was said while the process was dead; a cluster's log repeats what was not finished.</summary>
    static IServiceCollection AddPushFeed(this IServiceCollection services, KithOptions options)
    {
        if (options.IsClustered)
        {
            return !options.Does(Roles.Notify) ? services : services
                .AddHostedService(s => s.GetRequiredService<Absences>())
                .AddKeyedSingleton<IEventConsumer>(Roles.Notify, (s, _) => s.GetRequiredService<PushConsumer>());
        }

        return services
            .AddSingleton(new PushFeed(mayLeaveOut: true))
            .AddSingleton<IEventConsumer>(s => s.GetRequiredService<PushFeed>())
            .AddHostedService(s => s.GetRequiredService<Absences>())
            .AddHostedService<PushRole>()
            .AddSingleton<IPushBacklogStore, SqlPushBacklogStore>()
            .AddSingleton<PushBacklog>();
    }

    /// <summary>Results before the dispatcher: what is stopped last is what the other waits for.</summary>
    static IServiceCollection AddPushDelivery(this IServiceCollection services) => services
        .AddSingleton<PushResults>()
        .AddHostedService(s => s.GetRequiredService<PushResults>())
        .AddHostedService<PushDispatcher>()
        .AddHostedService<PushUpkeep>();

    static IServiceCollection AddDigests(this IServiceCollection services, PushOptions options) => options.Mail.Host.Length == 0 ? services : services
        .AddSingleton<DigestComposer>()
        .AddSingleton<IMailer, SmtpMailer>()
        .AddHostedService<DigestSender>();

    static IServiceCollection AddPushTransports(this IServiceCollection services, PushOptions options)
    {
        services
            .AddSingleton<VapidTokens>()
            .AddKeyedSingleton("users", (_, _) => PushHttp.ToUsers(options))
            .AddKeyedSingleton("services", (_, _) => PushHttp.ToServices(options))
            .AddSingleton<IPushTransport>(s => ActivatorUtilities.CreateInstance<WebPushTransport>(s, s.GetRequiredKeyedService<PushHttp>("users")))
            .AddSingleton<IPushTransport>(s => ActivatorUtilities.CreateInstance<WebhookTransport>(s, s.GetRequiredKeyedService<PushHttp>("users")));
        if (options.Fcm.ServiceAccount.Length > 0)
        {
            services
                .AddSingleton(s => Read(() => ActivatorUtilities.CreateInstance<GoogleTokens>(s, s.GetRequiredKeyedService<PushHttp>("services"))))
                .AddSingleton<IPushTransport>(s => ActivatorUtilities.CreateInstance<FcmTransport>(s, s.GetRequiredKeyedService<PushHttp>("services")));
        }

        if (options.Apns.KeyFile.Length > 0)
            services.AddSingleton<IPushTransport>(s => Read(() => ActivatorUtilities.CreateInstance<ApnsTransport>(s, s.GetRequiredKeyedService<PushHttp>("services"))));
        return services;
    }

    /// <summary>What needs a file of the operator's, who can mend it.</summary>
    static T Read<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (InvalidDataException e)
        {
            throw new StartException(e.Message, e);
        }
    }
}

namespace Kith.Server.Composition;

static class FeaturesComposition
{
    /// <summary>All features: what the server and the commands share. Nothing listens or runs by being registered.</summary>
    public static IServiceCollection AddKith(this IServiceCollection services, KithOptions options) => services
        .AddOptionRecords(options)
        .AddCore()
        .AddStorage(options)
        .AddCluster(options)
        .AddEventLog(options)
        .AddAccounts(options)
        .AddBots()
        .AddPeople()
        .AddPrivateChannels()
        .AddGuilds()
        .AddMessages()
        .AddMedia(options)
        .AddSearch(options)
        .AddUnread()
        .AddGateway(options)
        .AddPush(options)
        .AddCassandra(options);
}

namespace Kith.Server.Composition;

static class FeaturesComposition
{
    /// <summary>All features: what the server and the commands share. Nothing listens or runs by being registered.</summary>
    public static IServiceCollection AddKith(this IServiceCollection services, KithOptions options) => services
        .AddOptionRecords(options)
        .AddCore()
        .AddEmbeddedStorage(options)
        .AddInProcessCluster()
        .AddDelivery()
        .AddAccounts(options)
        .AddBots()
        .AddPeople()
        .AddPrivateChannels()
        .AddGuilds()
        .AddMessages()
        .AddMedia(options)
        .AddEmbeddedSearch()
        .AddUnread()
        .AddGateway()
        .AddPush();
}

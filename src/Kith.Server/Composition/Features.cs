namespace Kith.Server.Composition;

static class FeaturesComposition
{
    /// <summary>Everything but the ways in: what the server and the commands share.</summary>
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
        .AddEmbeddedSearch()
        .AddUnread();
}

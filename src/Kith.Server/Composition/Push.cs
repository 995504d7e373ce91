using Kith.Engine.Push;
using Kith.Storage.Sql.Push;

namespace Kith.Server.Composition;

static class PushComposition
{
    /// <summary>Who is notified on which device.</summary>
    public static IServiceCollection AddPush(this IServiceCollection services) => services
        .AddSingleton<IPushSubscriptionStore, SqlPushSubscriptionStore>()
        .AddSingleton<VapidKeys>()
        .AddSingleton<PushSubscriptions>();
}

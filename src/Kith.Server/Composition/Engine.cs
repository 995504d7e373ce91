using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;

namespace Kith.Server.Composition;

static class EngineComposition
{
    /// <summary>What every feature stands on: ids, users, guild state, access.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services) => services
        .AddSingleton<TimeProvider>(new MillisecondClock())
        .AddSingleton(s => new SnowflakeGenerator(Math.Max(0, s.GetRequiredService<ClusterOptions>().Worker), s.GetRequiredService<TimeProvider>()))
        .AddSingleton<CacheChanges>()
        .AddSingleton(s => new KeyedLocks(s.GetService<ISharedLocks>()))
        .AddSingleton<Users>()
        .AddSingleton<GuildDirectory>()
        .AddSingleton<ChannelDirectory>()
        .AddSingleton<Access>();
}

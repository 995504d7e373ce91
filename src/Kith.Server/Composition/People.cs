using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.People;
using Kith.Engine.Preferences;
using Kith.Storage.Sql.Channels;
using Kith.Storage.Sql.People;
using Kith.Storage.Sql.Preferences;

namespace Kith.Server.Composition;

static class PeopleComposition
{
    /// <summary>Relationships, follows, settings and notes.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddSingleton(s => s.GetRequiredService<KeyedLocks>().Of("person"))
        .AddSingleton<IRelationshipStore, SqlRelationshipStore>()
        .AddSingleton<RelationshipDirectory>()
        .AddSingleton<RelationshipEvents>()
        .AddSingleton<Relationships>()
        .AddSingleton<IFollowStore, SqlFollowStore>()
        .AddSingleton<Follows>()
        .AddSingleton<ContactRules>()
        .AddSingleton<ISettingsStore, SqlSettingsStore>()
        .AddSingleton<Settings>()
        .AddSingleton<NotificationSettings>()
        .AddSingleton<Notes>();

    /// <summary>DMs and groups.</summary>
    public static IServiceCollection AddPrivateChannels(this IServiceCollection services) => services
        .AddSingleton<IChannelStore, SqlChannelStore>()
        .AddSingleton<PrivateChannelWire>()
        .AddSingleton<PrivateChannelChanges>()
        .AddSingleton<PrivateChannels>()
        .AddSingleton<GroupRules>()
        .AddSingleton<Groups>();
}

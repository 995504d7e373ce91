using Kith.Contracts.Accounts;
using Kith.Contracts.Guilds;
using Kith.Contracts.People;
using Kith.Contracts.Push;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Bots;
using Kith.Storage.Sql.Channels;
using Kith.Storage.Sql.Guilds;
using Kith.Storage.Sql.People;
using Kith.Storage.Sql.Preferences;
using Kith.Storage.Sql.Push;
using Kith.Storage.Sql.Unread;

namespace Kith.Contracts.Sql;

/// <summary>The SQL stores that a suite needs together.</summary>
public static class SqlStores
{
    public static AccountStores Accounts(SqlDatabase database) => new(
        new SqlUserStore(database), new SqlCredentialStore(database), new SqlAuthSessionStore(database), new SqlRegistrationCodeStore(database), new SqlApplicationStore(database),
        new PeopleStores(new SqlRelationshipStore(database), new SqlFollowStore(database), new SqlSettingsStore(database), new SqlChannelStore(database, TimeProvider.System)));

    public static GuildStores Guilds(SqlDatabase database)
    {
        var guilds = new SqlGuildStore(database, TimeProvider.System);
        return new GuildStores(
            guilds, new SqlMemberStore(database), new SqlBanStore(database), new SqlInviteStore(database), new SqlAuditLogStore(database), guilds);
    }

    public static PushStores Push(SqlDatabase database) => new(
        new SqlPushSubscriptionStore(database), new SqlPushNoticeStore(database), new SqlPushAudienceStore(database), new SqlReadStateStore(database), Accounts(database));
}

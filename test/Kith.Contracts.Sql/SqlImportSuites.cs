using Kith.Contracts.Import;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Import;
using Kith.Storage.Sql.Messages;

namespace Kith.Contracts.Sql;

public abstract class SqlImportStoreSuite(SqlDatabase database) : ImportStoreContract
{
    protected override ValueTask<ImportStores> StoresAsync() => new(new ImportStores(
        new SqlImportStore(database), new SqlMessageStore(database, TimeProvider.System), new SqlMentionStore(database), new SqlUserStore(database), SqlStores.Guilds(database)));
}

using Kith.Contracts.Media;
using Kith.Engine.Media;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Media;

namespace Kith.Contracts.Sql;

public abstract class SqlAttachmentStoreSuite(SqlDatabase database) : AttachmentStoreContract
{
    protected override ValueTask<(IAttachmentStore Attachments, IBlobIndex Blobs)> StoresAsync()
    {
        var store = new SqlAttachmentStore(database);
        return new((store, store));
    }
}

public abstract class SqlImageStoreSuite(SqlDatabase database) : ImageStoreContract
{
    protected override ValueTask<(IImageStore Images, IBlobIndex Blobs)> StoresAsync() => new((new SqlImageStore(database), new SqlAttachmentStore(database)));
}

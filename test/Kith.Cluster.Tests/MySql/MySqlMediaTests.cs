using Kith.Contracts.Media;
using Kith.Engine.Media;
using Kith.Storage.Sql.Media;

namespace Kith.Cluster.Tests.MySql;

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class MySqlAttachmentStoreTests(MySqlFixture mysql) : AttachmentStoreContract
{
    protected override ValueTask<(IAttachmentStore Attachments, IBlobIndex Blobs)> StoresAsync()
    {
        var store = new SqlAttachmentStore(mysql.Database);
        return new((store, store));
    }
}

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class MySqlImageStoreTests(MySqlFixture mysql) : ImageStoreContract
{
    protected override ValueTask<(IImageStore Images, IBlobIndex Blobs)> StoresAsync() => new((new SqlImageStore(mysql.Database), new SqlAttachmentStore(mysql.Database)));
}

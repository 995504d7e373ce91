using Kith.Contracts.Media;
using Kith.Engine.Media;
using Kith.Storage.Sql.Media;

namespace Kith.Engine.Tests.Sqlite;

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class SqliteAttachmentStoreTests(SqliteFixture sqlite) : AttachmentStoreContract
{
    protected override ValueTask<(IAttachmentStore Attachments, IBlobIndex Blobs)> StoresAsync()
    {
        var store = new SqlAttachmentStore(sqlite.Database);
        return new((store, store));
    }
}

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class SqliteImageStoreTests(SqliteFixture sqlite) : ImageStoreContract
{
    protected override ValueTask<(IImageStore Images, IBlobIndex Blobs)> StoresAsync() => new((new SqlImageStore(sqlite.Database), new SqlAttachmentStore(sqlite.Database)));
}

using Kith.Contracts.Media;
using Kith.Engine.Media;
using Kith.Storage.Blobs;

namespace Kith.Engine.Tests.Media;

public sealed class FolderBlobStoreTests : BlobStoreContract
{
    protected override ValueTask<IBlobStore> StoreAsync() => new(new FolderBlobStore(new MediaFolder(Path.Combine(Folder, "media"))));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_key_with_a_path_is_a_bug(string key)
    {
        var store = await StoreAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(key, 0, 1, default));
    }
}

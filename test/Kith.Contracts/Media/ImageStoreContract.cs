using Kith.Engine.Media;

namespace Kith.Contracts.Media;

/// <summary>What every store of pictures does.</summary>
public abstract class ImageStoreContract
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    protected abstract ValueTask<(IImageStore Images, IBlobIndex Blobs)> StoresAsync();

    [Fact]
    public async Task The_newest_is_retained_and_the_blobs_of_others_are_released()
    {
        var (store, blobs) = await StoresAsync();
        var owner = TestIds.Next();
        var first = new ImageRecord(ImageKind.Avatar, owner, "a_1", $"one-{owner}", "image/gif", 5L << 32);
        var second = new ImageRecord(ImageKind.Avatar, owner, "2", $"two-{owner}", "image/png", 7);
        Assert.True(await store.AddAsync(first, default));
        Assert.True(await store.AddAsync(first, default));
        Assert.True(await store.AddAsync(second, default));
        Assert.Equal(first, await store.FindAsync(ImageKind.Avatar, owner, "a_1", default));
        Assert.Null(await store.FindAsync(ImageKind.GuildIcon, owner, "a_1", default));
        await store.RetainAsync(ImageKind.Avatar, owner, "2", Now, default);
        Assert.Null(await store.FindAsync(ImageKind.Avatar, owner, "a_1", default));
        Assert.Equal(second, await store.FindAsync(ImageKind.Avatar, owner, null, default));
        Assert.Contains(first.BlobKey, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
        Assert.False(await store.AddAsync(first, default));
        await store.RetainAsync(ImageKind.Avatar, owner, null, Now, default);
        Assert.Null(await store.FindAsync(ImageKind.Avatar, owner, null, default));
        Assert.Contains(second.BlobKey, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
    }
}

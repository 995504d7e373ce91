using System.Security.Cryptography;
using Kith.Engine.Media;

namespace Kith.Contracts.Media;

/// <summary>What every store of blobs does.</summary>
public abstract class BlobStoreContract : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kith-blobs-");

    protected abstract ValueTask<IBlobStore> StoreAsync();

    protected string Folder => folder.FullName;

    public void Dispose()
    {
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    async Task<(string Key, byte[] Content)> AddAsync(IBlobStore store, int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var path = Path.Combine(Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, content);
        var key = Convert.ToHexStringLower(SHA256.HashData(content));
        await store.AdoptAsync(key, path, "application/octet-stream", default);
        return (key, content);
    }

    static async Task<byte[]?> ReadAsync(IBlobStore store, string key, long offset, long length)
    {
        await using var stream = await store.OpenAsync(key, offset, length, default);
        if (stream is null) return null;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    [Fact]
    public async Task What_was_taken_over_is_read_whole_and_in_parts()
    {
        var store = await StoreAsync();
        var (key, content) = await AddAsync(store, 200_000);
        Assert.Equal(content, await ReadAsync(store, key, 0, 200_000));
        Assert.Equal(content[100_000..100_500], await ReadAsync(store, key, 100_000, 500));
        Assert.Equal(content[^1..], await ReadAsync(store, key, 199_999, 1));
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        var store = await StoreAsync();
        var (key, _) = await AddAsync(store, 0);
        Assert.Empty((await ReadAsync(store, key, 0, 0))!);
    }

    [Fact]
    public async Task What_is_there_stays_as_it_is()
    {
        var store = await StoreAsync();
        var (key, content) = await AddAsync(store, 1000);
        var path = Path.Combine(Folder, "again");
        await File.WriteAllBytesAsync(path, content);
        await store.AdoptAsync(key, path, "application/octet-stream", default);
        Assert.Equal(content, await ReadAsync(store, key, 0, 1000));
    }

    [Fact]
    public async Task What_was_deleted_or_never_there_is_not_found()
    {
        var store = await StoreAsync();
        var (key, _) = await AddAsync(store, 1000);
        await store.DeleteAsync(key, default);
        await store.DeleteAsync(key, default);
        Assert.Null(await ReadAsync(store, key, 0, 1000));
        Assert.Null(await ReadAsync(store, new string('0', 64), 0, 1));
    }
}

using Kith.Engine.Delivery;
using Kith.Engine.Media;

namespace Kith.Storage.Blobs;

/// <summary>
/// Blobs as files of one folder, which backups take along:
/// <code>
/// media/
/// ├─ incoming/    uploads under way, *.partial: on the same file system, so that taking one over is a rename
/// └─ blobs/ab/    abcdef…, by the first two characters of the key
/// </code>
/// A blob is there whole or not at all, and on the disk before it is acknowledged.
/// </summary>
public sealed class FolderBlobStore(MediaFolder folder) : IBlobStore
{
    const int BufferLength = 64 * 1024;

    readonly string root = Path.Combine(folder.Path, "blobs");

    public Task AdoptAsync(string key, string path, string contentType, CancellationToken ct) => Guard(() =>
    {
        var target = PathOf(key);
        var shelf = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(shelf))
        {
            Directory.CreateDirectory(shelf);
            Posix.SyncFolder(root);
        }

        if (File.Exists(target)) return false;
        File.Move(path, target, overwrite: true);
        Posix.SyncFolder(shelf);
        return true;
    });

    public Task<Stream?> OpenAsync(string key, long offset, long length, CancellationToken ct) => Guard<Stream?>(() =>
    {
        try
        {
            var file = new FileStream(PathOf(key), new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            file.Position = offset;
            return new LimitedStream(file, length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public Task DeleteAsync(string key, CancellationToken ct) => Guard(() =>
    {
        var path = PathOf(key);
        if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
        return true;
    });

    /// <summary>Keys are ours (hexadecimal), never a user's text; one with a path in it is a bug.</summary>
    string PathOf(string key) => key.Length > 2 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? Path.Combine(root, key[..2], key) : throw new ArgumentException($"\"{key}\" is no key of a blob.", nameof(key));

    static Task<T> Guard<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException io && !IncomingFiles.IsFull(io)))
        {
            return Task.FromException<T>(new UnavailableException("media folder", e));
        }
        catch (IOException e)
        {
            return Task.FromException<T>(e);
        }
    }
}

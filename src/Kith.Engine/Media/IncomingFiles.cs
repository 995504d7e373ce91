using System.Buffers;
using System.Security.Cryptography;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>A file that has come in whole and is on the disk, under no name that anyone could ask for. Gone when disposed, unless it was taken over.</summary>
public sealed class IncomingFile(string path, long length, string sha256) : IDisposable
{
    public string Path => path;

    public long Length => length;

    /// <summary>Lower-case hexadecimal.</summary>
    public string Sha256 => sha256;

    /// <summary>The first bytes, for <see cref="FileTypes"/>.</summary>
    public byte[] ReadHead()
    {
        using var file = File.OpenHandle(path);
        var head = new byte[(int)Math.Min(FileTypes.HeadLength, length)];
        return head[..RandomAccess.Read(file, head, 0)];
    }

    public void Dispose() => File.Delete(path);
}

/// <summary>Where uploads land before they are kept. A transfer costs one buffer of memory, whatever its size.</summary>
public sealed class IncomingFiles(MediaFolder folder, MediaOptions options)
{
    const int BufferLength = 64 * 1024;

    /// <summary>errno of a full disk and of a full quota of the operating system.</summary>
    const int DiskFull = 28, OverDiskQuota = 122;

    /// <summary>Files that are not complete; backups leave them out by this ending.</summary>
    public const string Ending = ".partial";

    public string Folder { get; } = Path.Combine(folder.Path, "incoming");

    /// <summary>Reads the stream to its end, or refuses: 50045 past the limit, 900004 where the disk is full. What was read of a refused or broken one is gone.</summary>
    public async Task<Result<IncomingFile>> ReceiveAsync(Stream content, CancellationToken ct)
    {
        if (!HasRoom) return ErrorCode.StorageFull;
        var path = NewPath();
        IncomingFile? received = null;
        try
        {
            var result = await WriteAsync(content, path, ct);
            result.Ok(out received, out _);
            return result;
        }
        catch (IOException e) when (IsFull(e))
        {
            return ErrorCode.StorageFull;
        }
        finally
        {
            if (received is null) File.Delete(path);
        }
    }

    /// <summary>A name for a file of one's own.</summary>
    public string NewPath()
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, Guid.NewGuid().ToString("N") + Ending);
    }

    /// <summary>Whether an upload may begin.</summary>
    public bool HasRoom
    {
        get
        {
            Directory.CreateDirectory(Folder);
            return new DriveInfo(Folder).AvailableFreeSpace >= options.KeepFreeBytes;
        }
    }

    public static bool IsFull(IOException e) => e.HResult is DiskFull or OverDiskQuota;

    /// <summary>A file that is there already, such as one made of an upload.</summary>
    public static IncomingFile Describe(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var hash = SHA256.HashData(file);
        file.Flush(flushToDisk: true);
        return new IncomingFile(path, file.Length, Convert.ToHexStringLower(hash));
    }

    /// <summary>To the disk; what came before a stream broke is there as well. False where the file would become longer than it may.</summary>
    public static async Task<bool> CopyAsync(Stream content, FileStream file, long most, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferLength), ct)) > 0)
            {
                if (file.Position + read > most) return false;
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            file.Flush(flushToDisk: true);
        }
    }

    async Task<Result<IncomingFile>> WriteAsync(Stream content, string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferLength), ct)) > 0)
            {
                if (file.Length + read > options.MaxFileBytes) return ErrorCode.FileTooLarge;
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        file.Flush(flushToDisk: true);
        return new IncomingFile(path, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

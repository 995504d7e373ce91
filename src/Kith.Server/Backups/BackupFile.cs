using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Kith.Server.Configuration;
using Kith.Storage.Sql;

namespace Kith.Server.Backups;

/// <summary>
/// A whole instance in one file: a compressed tar of <c>manifest.json</c>, the database, the instance's keys and whatever else lies in the data folder. It opens every account,
/// so only its owner may read it.
/// <code>
/// manifest.json   {format, version, created_at}
/// kith.db         compact, without a journal
/// instance.key    and all other files, with their paths
/// </code>
/// </summary>
public static class BackupFile
{
    const int Format = 1;
    const string Database = "kith.db";
    const string Manifest = "manifest.json";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Of a running server, or what the next start makes anew.</summary>
    static readonly string[] LeftOut = [Database, "kith.db-wal", "kith.db-shm", "server.lock"];

    sealed record ManifestBody(int Format, string Version, DateTimeOffset CreatedAt);

    /// <summary>Writes a backup; a server may run meanwhile. The file appears when it is complete and on the disk.</summary>
    /// <exception cref="StartException">There is nothing to back up, or no room for it.</exception>
    public static async Task CreateAsync(string data, string target, DateTimeOffset now, CancellationToken ct)
    {
        target = Path.GetFullPath(target);
        if (!File.Exists(Path.Combine(data, Database))) throw new StartException($"There is no instance in {data}.");
        var (copy, partial) = ($"{target}.database.partial", $"{target}.partial");
        try
        {
            File.Delete(copy);
            await using (var database = new SqliteDatabase(Path.Combine(data, Database)))
                await database.CopyAsync(copy, ct);
            await WriteAsync(data, copy, partial, now, ct);
            File.Move(partial, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The backup {target} cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(copy);
            File.Delete(partial);
        }
    }

    /// <summary>Makes a data folder of a backup. It appears whole, after the database was checked.</summary>
    /// <exception cref="StartException">The file is no backup, or the folder is in use.</exception>
    public static async Task RestoreAsync(string source, string data, CancellationToken ct)
    {
        data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new StartException($"The data folder {data} is not empty; a backup is restored into a new one.");
        var partial = $"{data}.restoring";
        try
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            Directory.CreateDirectory(partial, OwnerOnly | UnixFileMode.UserExecute);
            await ExtractAsync(source, partial, ct);
            SqliteDatabase.Check(Path.Combine(partial, Database));
            if (Directory.Exists(data)) Directory.Delete(data);
            Directory.Move(partial, data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or FormatException)
        {
            throw new StartException($"The backup {source} cannot be restored: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    static async Task WriteAsync(string data, string database, string target, DateTimeOffset now, CancellationToken ct)
    {
        await using var file = new FileStream(target, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await using (var compressed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(compressed, TarEntryFormat.Pax))
        {
            var version = typeof(BackupFile).Assembly.GetName().Version!.ToString(3);
            using var manifest = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new ManifestBody(Format, version, now), JsonSerializerOptions.Web));
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Manifest) { DataStream = manifest, Mode = OwnerOnly }, ct);
            await AddAsync(tar, database, Database, ct);
            foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(data, path).Replace(Path.DirectorySeparatorChar, '/');
                if (!LeftOut.Contains(name) && !name.EndsWith(".partial", StringComparison.Ordinal) && !name.StartsWith(".probe-", StringComparison.Ordinal) && !name.StartsWith("media/derived/", StringComparison.Ordinal)) await AddAsync(tar, path, name, ct);
            }
        }

        file.Flush(flushToDisk: true);
    }

    static async Task AddAsync(TarWriter tar, string path, string name, CancellationToken ct)
    {
        await using var content = File.OpenRead(path);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = File.GetUnixFileMode(path) }, ct);
    }

    static async Task ExtractAsync(string source, string folder, CancellationToken ct)
    {
        await using var file = File.OpenRead(source);
        await using var compressed = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(compressed);
        if (await tar.GetNextEntryAsync(copyData: false, ct) is not { Name: Manifest, DataStream: { } manifest }) throw new InvalidDataException("it is no backup of Kith.");
        var body = await JsonSerializer.DeserializeAsync<ManifestBody>(manifest, JsonSerializerOptions.Web, ct);
        if (body?.Format != Format) throw new InvalidDataException($"it has the format {body?.Format}; this program knows {Format}.");
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            // Whoever made the file decides what is in it, but not where it goes.
            if (entry.EntryType is not TarEntryType.RegularFile || !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InvalidDataException($"it has the entry {entry.Name}, which no backup has.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            await entry.ExtractToFileAsync(path, overwrite: false, ct);
        }
    }
}

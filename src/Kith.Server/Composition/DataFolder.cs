using Kith.Server.Configuration;

namespace Kith.Server.Composition;

/// <summary>The folder in which everything of an instance lies. Only its owner may look inside: it holds the key that signs tokens.</summary>
static class DataFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="StartException">It cannot be made or written to.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"The data folder {path} cannot be written to: {e.Message}", e);
        }
    }
}

/// <summary>Held while a server runs, so that no second one serves the same folder: each would trust its caches. Commands need no lock.</summary>
sealed class DataFolderLock : IDisposable
{
    readonly FileStream file;

    /// <exception cref="StartException">Another server holds it.</exception>
    public DataFolderLock(KithOptions options)
    {
        try
        {
            file = new FileStream(Path.Combine(options.Data, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e)
        {
            throw new StartException($"Another kith already serves the data folder {options.Data}.", e);
        }
    }

    public void Dispose() => file.Dispose();
}

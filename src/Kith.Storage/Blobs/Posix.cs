using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kith.Storage.Blobs;

/// <summary>What .NET has no call for: a new name is on the disk only once its folder is.</summary>
static partial class Posix
{
    const int ReadOnly = 0, Directory = 0x10000, CloseOnExec = 0x80000;

    public static void SyncFolder(string path)
    {
        using var folder = new SafeFileHandle(Open(path, ReadOnly | Directory | CloseOnExec), ownsHandle: true);
        if (folder.IsInvalid) throw new IOException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        if (Sync(folder) != 0) throw new IOException($"{path} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}

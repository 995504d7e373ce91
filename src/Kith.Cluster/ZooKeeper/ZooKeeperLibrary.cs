using System.Runtime.InteropServices;

namespace Kith.Cluster.ZooKeeper;

/// <summary>Apache's C client (Debian: libzookeeper-mt2), since no .NET client is to be had everywhere. Calls block, at most for the session's timeout.</summary>
static partial class ZooKeeperLibrary
{
    const string Library = "libzookeeper_mt.so.2";

    static readonly nint Loaded = NativeLibrary.Load(Library);

    /// <summary>Everyone may do everything: who may connect at all is the network's affair.</summary>
    public static readonly nint OpenAcl = NativeLibrary.GetExport(Loaded, "ZOO_OPEN_ACL_UNSAFE");

    /// <summary>Nothing: it would write to standard error, lines of its own form.</summary>
    const int NoLog = 0;

    static ZooKeeperLibrary() => SetDebugLevel(NoLog);

    [LibraryImport(Library, EntryPoint = "zoo_set_debug_level")]
    private static partial void SetDebugLevel(int level);

    [LibraryImport(Library, EntryPoint = "zookeeper_init", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string servers, nint watcher, int timeoutMilliseconds, nint session, nint context, int flags);

    [LibraryImport(Library, EntryPoint = "zookeeper_close")]
    public static partial int Close(nint handle);

    [LibraryImport(Library, EntryPoint = "zoo_recv_timeout")]
    public static partial int Timeout(nint handle);

    [LibraryImport(Library, EntryPoint = "zoo_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(nint handle, string path, byte[] value, int length, nint acl, int flags, nint created, int createdLength);

    [LibraryImport(Library, EntryPoint = "zoo_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint handle, string path, byte[] value, int length, int version);

    [LibraryImport(Library, EntryPoint = "zoo_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Get(nint handle, string path, int watch, byte[] value, ref int length, nint stat);

    [LibraryImport(Library, EntryPoint = "zoo_delete", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Delete(nint handle, string path, int version);

    [LibraryImport(Library, EntryPoint = "zoo_get_children", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Children(nint handle, string path, int watch, ref StringVector children);

    [LibraryImport(Library, EntryPoint = "deallocate_String_vector")]
    public static partial int Free(ref StringVector strings);

    [StructLayout(LayoutKind.Sequential)]
    public struct StringVector
    {
        public int Count;
        public nint Items;
    }
}

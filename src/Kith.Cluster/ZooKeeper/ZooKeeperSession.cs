using System.Runtime.InteropServices;
using System.Text;

namespace Kith.Cluster.ZooKeeper;

/// <summary>One session. Its ephemeral nodes live as long as it does. Calls block and are made from one thread.</summary>
sealed class ZooKeeperSession : IDisposable
{
    const int Persistent = 0;
    const int Ephemeral = 1;
    const int AnyVersion = -1;

    /// <summary>More than any of our nodes has.</summary>
    const int MostData = 64 * 1024;

    nint handle;

    public ZooKeeperSession(ZooKeeperOptions options)
    {
        handle = ZooKeeperLibrary.Open(options.Servers, 0, (int)options.SessionTimeout.TotalMilliseconds, 0, 0, 0);
        if (handle == 0) throw new IOException($"{options.Servers}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Tells it from others of the same process.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What the server has agreed to, once connected.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(ZooKeeperLibrary.Timeout(handle));

    /// <summary>False where it exists.</summary>
    public bool Create(string path, string value, bool ephemeral)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Succeeded(
            ZooKeeperLibrary.Create(handle, path, bytes, bytes.Length, ZooKeeperLibrary.OpenAcl, ephemeral ? Ephemeral : Persistent, 0, 0), $"create {path}", ZooKeeperError.NodeExists);
    }

    /// <summary>Makes the node and those above it, where they do not exist.</summary>
    public void Ensure(string path)
    {
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
            Create(path[..end], "", ephemeral: false);
        Create(path, "", ephemeral: false);
    }

    /// <summary>False where it does not exist.</summary>
    public bool Set(string path, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Succeeded(ZooKeeperLibrary.Set(handle, path, bytes, bytes.Length, AnyVersion), $"set {path}", ZooKeeperError.NoNode);
    }

    /// <summary>Null where it does not exist.</summary>
    public string? Get(string path)
    {
        var value = new byte[MostData];
        var length = value.Length;
        // -1: without any data.
        return Succeeded(ZooKeeperLibrary.Get(handle, path, 0, value, ref length, 0), $"get {path}", ZooKeeperError.NoNode) ? Encoding.UTF8.GetString(value, 0, Math.Max(0, length)) : null;
    }

    /// <summary>False where it does not exist.</summary>
    public bool Delete(string path) => Succeeded(ZooKeeperLibrary.Delete(handle, path, AnyVersion), $"delete {path}", ZooKeeperError.NoNode);

    public IReadOnlyList<string> Children(string path)
    {
        var strings = default(ZooKeeperLibrary.StringVector);
        Succeeded(ZooKeeperLibrary.Children(handle, path, 0, ref strings), $"children of {path}", ZooKeeperError.Ok);
        try
        {
            return [.. Enumerable.Range(0, strings.Count).Select(i => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(strings.Items, i * nint.Size))!)];
        }
        finally
        {
            _ = ZooKeeperLibrary.Free(ref strings);
        }
    }

    /// <summary>Ends the session, where the server can be reached, at once.</summary>
    public void Dispose()
    {
        if (handle != 0) _ = ZooKeeperLibrary.Close(handle);
        handle = 0;
    }

    static bool Succeeded(int code, string call, ZooKeeperError expected)
    {
        if (code == 0) return true;
        return (ZooKeeperError)code == expected ? false : throw new ZooKeeperException((ZooKeeperError)code, call);
    }
}

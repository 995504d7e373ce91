using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kith.Gateway.Transport;

[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x001,
    Writable = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    PeerHangUp = 0x2000,
    EdgeTriggered = 1u << 31,
}

/// <summary>
/// One epoll descriptor with an eventfd to wake it. Only <see cref="Wake"/> may be called from any thread; the rest belongs to the
/// thread of the loop. On another system than Linux it has no descriptors to wait for and is only woken.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    internal const ulong WakeToken = ulong.MaxValue;
    const int MaxEvents = 512;

    // The kernel packs struct epoll_event on x64 only: 12 bytes there, 16 elsewhere.
    static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static readonly int TokenOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    readonly int _epoll;
    readonly SafeFileHandle? _wake;
    readonly byte* _events;
    readonly AutoResetEvent? _wakeOnly;
    int _wakePending;
    bool _disposed;

    internal Epoll()
    {
        if (!IsSupported)
        {
            _wakeOnly = new AutoResetEvent(initialState: false);
            return;
        }

        _epoll = Check(Posix.EpollCreate(Posix.EpollCloseOnExec));
        var wake = Check(Posix.EventFd(0, Posix.EventFdNonBlocking | Posix.EventFdCloseOnExec));
        _wake = new SafeFileHandle(wake, ownsHandle: true);
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(MaxEvents * EventSize));
        Control(Posix.EpollAdd, wake, EpollEvents.Readable, WakeToken);
    }

    internal static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Returns once something is ready, at once when <paramref name="block"/> is false; 0 after an interruption.</summary>
    internal int Wait(bool block)
    {
        if (_wakeOnly is not null)
        {
            _wakeOnly.WaitOne(block ? Timeout.Infinite : 0);
            AcknowledgeWake();
            return 0;
        }

        var count = Posix.EpollWait(_epoll, _events, MaxEvents, block ? -1 : 0);
        if (count >= 0)
            return count;
        if (Posix.LastError == Errno.Interrupted)
            return 0;
        throw new Win32Exception(Posix.LastError);
    }

    internal EpollEvents Ready(int index, out ulong token)
    {
        var at = _events + index * EventSize;
        token = Unsafe.ReadUnaligned<ulong>(at + TokenOffset);
        return (EpollEvents)Unsafe.ReadUnaligned<uint>(at);
    }

    /// <summary>To be called for <see cref="WakeToken"/> before the queues that a waker filled are read.</summary>
    internal void AcknowledgeWake()
    {
        ulong counter;
        if (_wake is not null)
            Posix.Read(_wake, &counter, sizeof(ulong));
        Interlocked.Exchange(ref _wakePending, 0);
    }

    /// <summary>Ends a wait, now or the next one. One write serves however many callers come before the loop has seen it.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) != 0)
            return;
        ulong one = 1;
        try
        {
            if (_wake is null)
                _wakeOnly!.Set();
            else
                Posix.Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended; what is posted to it now is nobody's. The handle sees to it that no other descriptor is written to.
        }
    }

    internal void Add(int fd, EpollEvents events, ulong token) => Control(Posix.EpollAdd, fd, events, token);

    internal void Modify(int fd, EpollEvents events, ulong token) => Control(Posix.EpollModify, fd, events, token);

    internal void Remove(int fd) => Posix.EpollControl(_epoll, Posix.EpollDelete, fd, null);

    void Control(int operation, int fd, EpollEvents events, ulong token)
    {
        var item = stackalloc byte[16];
        Unsafe.WriteUnaligned(item, (uint)events);
        Unsafe.WriteUnaligned(item + TokenOffset, token);
        Check(Posix.EpollControl(_epoll, operation, fd, item));
    }

    static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Posix.LastError);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_wakeOnly is not null)
        {
            _wakeOnly.Dispose();
            return;
        }

        _ = Posix.Close(_epoll);
        _wake!.Dispose();
        NativeMemory.Free(_events);
    }
}

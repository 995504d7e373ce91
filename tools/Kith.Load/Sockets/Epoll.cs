using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kith.Load.Sockets;

/// <summary>An epoll set and the events of its last wait. One thread waits; <see cref="Wake"/> may come from any.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    public const ulong WakeTag = ulong.MaxValue;
    const int MostEvents = 1024;

    // The kernel packs epoll_event on x86-64 only.
    static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static readonly int TagOffset = Stride - sizeof(ulong);

    readonly int _epoll = Check(Libc.EpollCreate(Libc.EpollCloseOnExec));
    readonly int _wake = Check(Libc.EventDescriptor(0, Libc.EventNonBlocking));
    readonly byte* _events = (byte*)NativeMemory.Alloc(MostEvents, (nuint)Stride);

    public Epoll() => Add(_wake, Libc.EpollIn, WakeTag);

    public (uint Events, ulong Tag) this[int index]
    {
        get
        {
            var at = _events + (index * Stride);
            return (Unaligned<uint>(at), Unaligned<ulong>(at + TagOffset));
        }
    }

    public void Add(int fd, uint interest, ulong tag) => Control(Libc.EpollAdd, fd, interest, tag);

    public void Modify(int fd, uint interest, ulong tag) => Control(Libc.EpollModify, fd, interest, tag);

    public void Remove(int fd) => Control(Libc.EpollDelete, fd, 0, 0);

    /// <summary>Number of events, 0 when the time is over or a signal came.</summary>
    public int Wait(TimeSpan timeout)
    {
        var nanoseconds = Math.Max(0, timeout.Ticks * 100);
        var spec = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        var count = Libc.EpollWait(_epoll, _events, MostEvents, &spec, null);
        return count >= 0 ? count : Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : Check(count);
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    public void ClearWake()
    {
        ulong count;
        _ = Libc.Read(_wake, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wake);
        NativeMemory.Free(_events);
    }

    static T Unaligned<T>(byte* at)
        where T : unmanaged => System.Runtime.CompilerServices.Unsafe.ReadUnaligned<T>(at);

    static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    void Control(int operation, int fd, uint interest, ulong tag)
    {
        var record = stackalloc byte[16];
        System.Runtime.CompilerServices.Unsafe.WriteUnaligned(record, interest);
        System.Runtime.CompilerServices.Unsafe.WriteUnaligned(record + TagOffset, tag);
        Check(Libc.EpollControl(_epoll, operation, fd, record));
    }
}

using System.Runtime.InteropServices;

namespace Kith.Load.Sockets;

/// <summary>The calls that the client engine makes itself: a .NET Socket costs some 600 bytes and a callback each, this a file number.</summary>
internal static unsafe partial class Libc
{
    public const int AddressFamilyInet = 2;
    public const int StreamNonBlocking = 1 | 0x800 | 0x80000; // SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int ProtocolIp = 0, BindAddressNoPort = 24;
    public const int ProtocolTcp = 6, TcpNoDelay = 1;
    public const int SocketLevel = 1, ReceiveBufferSize = 8, Linger = 13, SocketErrorOption = 4;
    public const int NoSignal = 0x4000;
    public const int EpollCloseOnExec = 0x80000, EpollAdd = 1, EpollDelete = 2, EpollModify = 3;
    public const uint EpollIn = 1, EpollOut = 4, EpollError = 8, EpollHangUp = 16;
    public const int EventNonBlocking = 0x800 | 0x80000;
    public const int Interrupted = 4, Again = 11, InProgress = 115;
    public const int SetTimerSlack = 29;
    public const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, in InetAddress address, int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int fd, in InetAddress address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int fd, int level, int name, void* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int fd, int level, int name, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int fd, byte* interest);

    /// <summary>Nanoseconds, where epoll_wait knows milliseconds only: a paced sender needs them. Linux 5.11, glibc 2.35.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int most, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ThreadOption(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);
}

/// <summary>sockaddr_in: port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetAddress
{
    public ushort Family;
    public ushort Port;
    public uint Address;
    public ulong Zero;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}

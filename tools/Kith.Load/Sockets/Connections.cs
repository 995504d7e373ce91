using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Kith.Load.Sockets;

/// <summary>Opens, reads, writes and closes non-blocking TCP sockets by their file numbers.</summary>
internal static unsafe class Connections
{
    /// <summary>Returned by reads and writes when the socket has nothing, or no room, now.</summary>
    public const int WouldBlock = -1;

    /// <summary>Returned by reads and writes when the connection is broken.</summary>
    public const int Broken = -2;

    /// <summary>A socket that is connecting, or a negative errno.</summary>
    /// <param name="source">Address to come from, so that one destination can be reached by more connections than there are ports.</param>
    /// <param name="target">Loopback only; see <see cref="LoopbackTarget"/>.</param>
    /// <param name="receiveBuffer">Bytes of kernel receive buffer; 0 leaves the kernel's choice.</param>
    public static int Open(uint source, IPEndPoint target, int receiveBuffer)
    {
        var fd = Libc.Socket(Libc.AddressFamilyInet, Libc.StreamNonBlocking, 0);
        if (fd < 0) return -Marshal.GetLastPInvokeError();
        Set(fd, Libc.ProtocolTcp, Libc.TcpNoDelay, 1);
        // The port is chosen at connect, when the destination is known: otherwise the 28,000 ports are shared by all destinations.
        Set(fd, Libc.ProtocolIp, Libc.BindAddressNoPort, 1);
        if (receiveBuffer > 0) Set(fd, Libc.SocketLevel, Libc.ReceiveBufferSize, receiveBuffer);
        var from = Address(source, 0);
        var to = Address(BinaryPrimitives.ReadUInt32BigEndian(target.Address.GetAddressBytes()), target.Port);
        if (Libc.Bind(fd, from, sizeof(InetAddress)) == 0
            && (Libc.Connect(fd, to, sizeof(InetAddress)) == 0 || Marshal.GetLastPInvokeError() == Libc.InProgress)) return fd;
        var error = Marshal.GetLastPInvokeError();
        Close(fd);
        return -error;
    }

    /// <summary>What became of a connect: 0 or an errno.</summary>
    public static int ConnectError(int fd)
    {
        int error = 0, length = sizeof(int);
        return Libc.GetOption(fd, Libc.SocketLevel, Libc.SocketErrorOption, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Bytes read, 0 at the end of the stream, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public static int Receive(int fd, byte* buffer, int length)
    {
        var read = Libc.Receive(fd, buffer, length, 0);
        return read >= 0 ? (int)read : Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted ? WouldBlock : Broken;
    }

    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var sent = Libc.Send(fd, start, bytes.Length, Libc.NoSignal);
            return sent >= 0 ? (int)sent : Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted ? WouldBlock : Broken;
        }
    }

    public static void Close(int fd) => _ = Libc.Close(fd);

    /// <summary>Ends the connection by a reset, as when a cable is cut: no TIME_WAIT, no farewell.</summary>
    public static void Cut(int fd)
    {
        var linger = (On: 1, Seconds: 0);
        _ = Libc.SetOption(fd, Libc.SocketLevel, Libc.Linger, &linger, sizeof(int) * 2);
        Close(fd);
    }

    static void Set(int fd, int level, int name, int value) => _ = Libc.SetOption(fd, level, name, &value, sizeof(int));

    static InetAddress Address(uint host, int port) => new()
    {
        Family = Libc.AddressFamilyInet,
        Port = BinaryPrimitives.ReverseEndianness((ushort)port),
        Address = BinaryPrimitives.ReverseEndianness(host),
    };
}

/// <summary>Where the load goes. Only this machine is ever loaded.</summary>
internal static class LoopbackTarget
{
    public static IPEndPoint Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "ws"))
            throw new ArgumentException($"'{url}' is not an http:// or ws:// address.", nameof(url));
        var address = string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.TryParse(uri.Host, out var given) ? given : null;
        if (address is null || !IPAddress.IsLoopback(address) || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            throw new ArgumentException($"'{uri.Host}' is not in 127.0.0.0/8: kith-load loads only the machine that it runs on.", nameof(url));
        return new(address, uri.Port);
    }

    /// <summary>A client's own address: 127.1.0.1 upward, 254 × 254 of them in turn.</summary>
    public static uint Source(int client) => 0x7F010000u | ((uint)(client / 254 % 254) << 8) | (uint)((client % 254) + 1);
}

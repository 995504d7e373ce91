using System.Globalization;

namespace Kith.Load.Measures;

/// <summary>What a server uses at one moment. Memory in KB.</summary>
/// <param name="Rss">VmRSS: all pages that are in memory.</param>
/// <param name="Anonymous">RssAnon: of these, what is not a mapped file.</param>
/// <param name="Pss">Proportional share, where smaps_rollup can be read; else 0.</param>
/// <param name="CpuSeconds">User and system time since it started, in steps of 10 ms.</param>
internal readonly record struct ServerSample(long Rss, long Anonymous, long Pss, double CpuSeconds, long At);

/// <summary>Watches a server's process, or several together.</summary>
internal sealed class ServerProbe(int[] processes)
{
    /// <summary>USER_HZ is 100 on every Linux that .NET runs on.</summary>
    const double TicksPerSecond = 100;

    public bool Watching => processes.Length > 0;

    public ServerSample Sample() => new(
        processes.Sum(id => Kilobytes($"/proc/{id}/status", "VmRSS:")),
        processes.Sum(id => Kilobytes($"/proc/{id}/status", "RssAnon:")),
        processes.Sum(id => Kilobytes($"/proc/{id}/smaps_rollup", "Pss:")),
        processes.Sum(CpuSeconds),
        Clock.Now);

    static long Kilobytes(string path, string name)
    {
        try
        {
            return MachineInfo.Field(path, name, ':') is { } value ? long.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture) : 0;
        }
        catch (UnauthorizedAccessException)
        {
            // smaps_rollup of another user's process: the figure is left out.
            return 0;
        }
    }

    static double CpuSeconds(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The command's name may hold blanks: fields are counted from the bracket that ends it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}

/// <summary>The kernel's memory for sockets at one moment, in KB, of the whole machine: both ends of loopback connections, and everyone else's.</summary>
/// <param name="Slab">The kernel's small objects: of sockets, files, inodes, epoll items, and of everything else.</param>
/// <param name="Buffers">Pages that TCP holds for data on the way.</param>
internal readonly record struct KernelSample(long Slab, long Buffers)
{
    const int PageKilobytes = 4;

    public static KernelSample Read() => new(long.Parse(MachineInfo.Field("/proc/meminfo", "Slab:", ':')!.Split(' ')[0], CultureInfo.InvariantCulture), TcpPages() * PageKilobytes);

    static long TcpPages()
    {
        // "TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 248"
        var tcp = MachineInfo.Field("/proc/net/sockstat", "TCP:", ':')?.Split(' ');
        return tcp is null ? 0 : long.Parse(tcp[Array.IndexOf(tcp, "mem") + 1], CultureInfo.InvariantCulture);
    }
}

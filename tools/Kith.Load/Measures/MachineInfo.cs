using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Kith.Load.Measures;

/// <summary>Where and with what a result was measured; without it no number means anything.</summary>
internal sealed record MachineInfo(string Processor, int Cores, string System, string Runtime, string Commit, string Time, double LoadBefore)
{
    /// <summary>Files that one process may have open here.</summary>
    public static int MostFiles { get; } = ReadMostFiles();

    public static MachineInfo Read() => new(
        Field("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
        RuntimeInformation.FrameworkDescription,
        typeof(MachineInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    public override string ToString() => $"{Processor}, {Cores} cores, {System}, {Runtime}, {Commit}, {Time}, load average before {LoadBefore:0.00}";

    /// <summary>The first value of a name in a file of <c>name: value</c> lines.</summary>
    public static string? Field(string path, string name, char separator)
    {
        if (!File.Exists(path)) return null;
        var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim();
    }

    static int ReadMostFiles()
    {
        // "Max open files            20000                20000                files": .NET raises the soft limit to the hard one.
        var fields = Field("/proc/self/limits", "Max open files", 's')?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: > 1 } && int.TryParse(fields[^2], out var most) ? most : 1024;
    }
}

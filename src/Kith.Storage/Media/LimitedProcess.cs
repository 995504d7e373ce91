using System.ComponentModel;
using System.Diagnostics;

namespace Kith.Storage.Media;

/// <summary>How much a tool may take.</summary>
/// <param name="Memory">Bytes of address space.</param>
/// <param name="Output">Bytes of any file that it writes.</param>
sealed record ToolLimits(TimeSpan Time, long Memory, long Output)
{
    public static readonly ToolLimits Default = new(TimeSpan.FromSeconds(30), 2L << 30, 64L << 20);
}

/// <summary>
/// Runs programs that read strangers' files: with limits of the operating system on memory, processor time, output and open files, with an end by the clock, without a
/// network where the system lets us take it away, and knowing nothing of our environment.
/// </summary>
sealed class LimitedProcess(string path, Action<string> missing, Action<string> unlimited, ToolLimits limits)
{
    const string Limiter = "prlimit";
    const int OpenFiles = 64;

    /// <summary>Bytes of standard output that are kept.</summary>
    const int MaxOutput = 1 << 20;

    static readonly string[][] Isolations = [["unshare", "-n", "--"], ["unshare", "-rn", "--"]];

    readonly Lock gate = new();
    readonly HashSet<string> absent = new(StringComparer.Ordinal);
    Task<string[]>? isolating;

    /// <summary>False once it was found to be missing.</summary>
    public bool Has(string tool)
    {
        lock (gate) return !absent.Contains(tool);
    }

    /// <summary>Standard output where the tool ended well, null where it did not or is not there.</summary>
    public async Task<byte[]?> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        if (!Has(tool)) return null;
        // Without what limits it, a tool is not used.
        if (Find(tool) is not { } program || Find(Limiter) is not { } limiter)
        {
            Miss(tool);
            return null;
        }

        Task<string[]> isolation;
        lock (gate) isolation = isolating ??= FindIsolationAsync();
        string[] command =
        [
            limiter, $"--as={limits.Memory}", $"--cpu={(int)limits.Time.TotalSeconds}", $"--fsize={limits.Output}", $"--nofile={OpenFiles}", "--core=0", "--",
            .. await isolation, program, .. arguments,
        ];
        return await RunAsync(command, limits.Time, ct);
    }

    void Miss(string tool)
    {
        lock (gate)
        {
            if (!absent.Add(tool)) return;
        }

        missing(tool);
    }

    async Task<byte[]?> RunAsync(string[] command, TimeSpan time, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(time);
        using var process = Start(command);
        try
        {
            process.StandardInput.Close();
            var complaints = process.StandardError.BaseStream.CopyToAsync(Stream.Null, patience.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, patience.Token);
            await complaints;
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? output : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["LANG"] = "C.UTF-8";
        // libvips: no loaders that were not written for strangers' files, one thread, nothing spilled to a disk beside the output.
        start.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        start.Environment["VIPS_CONCURRENCY"] = "1";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        return Process.Start(start)!;
    }

    /// <summary>More than is kept ends the program, by a closed pipe.</summary>
    static async Task<byte[]> ReadAsync(Stream output, CancellationToken ct)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await output.ReadAsync(buffer, ct)) > 0 && memory.Length < MaxOutput)
            memory.Write(buffer, 0, read);
        return memory.ToArray();
    }

    async Task<string[]> FindIsolationAsync()
    {
        foreach (var way in Isolations.Where(i => Find(i[0]) is not null))
        {
            if (await RunAsync([.. way, "true"], TimeSpan.FromSeconds(5), CancellationToken.None) is not null) return way;
        }

        unlimited("network");
        return [];
    }

    string? Find(string program) =>
        path.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

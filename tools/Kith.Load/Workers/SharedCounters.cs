using System.IO.MemoryMappedFiles;

namespace Kith.Load.Workers;

internal enum Counter
{
    /// <summary>Messages received by sessions, repeats not counted.</summary>
    Delivered,
    Ready,
    Lost,

    /// <summary>Messages that the server has confirmed.</summary>
    Acknowledged,
    Reads,
    Errors,
    BytesReceived,
}

/// <summary>
/// Numbers that all processes of a run can read at any moment, in a file in memory: for the progress line, for sampling deliveries and the server's
/// CPU at one instant, and for senders that wait until all members have a message. Each loop writes its own cell, alone.
/// </summary>
internal sealed unsafe class SharedCounters : IDisposable
{
    public const int MostLoops = 64;

    // Two cache lines: neighbours are fetched in pairs.
    const int CellBytes = 128;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly string? _owned;
    readonly byte* _start;

    SharedCounters(MemoryMappedFile file, string? owned)
    {
        _file = file;
        _owned = owned;
        _view = file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public static SharedCounters Create(string path) =>
        new(MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, MostLoops * CellBytes), path);

    public static SharedCounters Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open), null);

    public CounterCell Cell(int loop) => loop is >= 0 and < MostLoops ? new((long*)(_start + (loop * CellBytes))) : throw new ArgumentOutOfRangeException(nameof(loop));

    public long Sum(Counter counter)
    {
        long sum = 0;
        for (var i = 0; i < MostLoops; i++) sum += Cell(i)[counter];
        return sum;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        if (_owned is not null) File.Delete(_owned);
    }
}

/// <summary>One loop's counters. Only that loop writes.</summary>
internal readonly unsafe struct CounterCell(long* start)
{
    public long this[Counter counter]
    {
        get => Volatile.Read(ref start[(int)counter]);
        set => Volatile.Write(ref start[(int)counter], value);
    }

    public void Add(Counter counter, long amount) => this[counter] = start[(int)counter] + amount;
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Kith.Load.Workers;

/// <summary>A worker as its parent sees it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly ConcurrentDictionary<int, TaskCompletionSource<Reply>> _waiting = [];
    readonly SemaphoreSlim _writing = new(1);
    readonly Task _reading;
    int _number;

    WorkerProcess(Process process)
    {
        _process = process;
        _reading = Read();
    }

    public int Id => _process.Id;

    /// <summary>Starts this same program once more.</summary>
    public static WorkerProcess Start()
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("This program's own path is unknown.");
        var start = new ProcessStartInfo(self) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("worker");
        return new(Process.Start(start) ?? throw new InvalidOperationException("No worker could be started."));
    }

    public async Task<T> Ask<T>(WorkerCommand command, CancellationToken cancel)
        where T : Reply
    {
        command.Number = Interlocked.Increment(ref _number);
        var answer = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[command.Number] = answer;
        if (_reading.IsCompleted) throw Gone();
        await _writing.WaitAsync(cancel);
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command, WorkerJson.Default.WorkerCommand).AsMemory(), cancel);
            await _process.StandardInput.FlushAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(cancel) switch
        {
            T reply => reply,
            Failed failed => throw new InvalidOperationException("A worker failed: " + failed.Why),
            var other => throw new InvalidOperationException($"A worker answered {command.GetType().Name} with {other.GetType().Name}."),
        };
    }

    /// <summary>The end of its input is the worker's sign to end; one that does not is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
        _writing.Dispose();
    }

    async Task Read()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var reply = JsonSerializer.Deserialize(line, WorkerJson.Default.Reply)!;
            if (_waiting.TryRemove(reply.Number, out var answer)) answer.SetResult(reply);
        }

        foreach (var answer in _waiting.Values) answer.TrySetException(Gone());
    }

    static InvalidOperationException Gone() => new("A worker ended unexpectedly.");
}

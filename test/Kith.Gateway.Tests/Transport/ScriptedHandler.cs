using System.Text;
using System.Threading.Channels;
using Kith.Gateway.Transport;
using Kith.Testing;

namespace Kith.Gateway.Tests.Transport;

/// <summary>Writes down what a connection tells, and does what the test says.</summary>
sealed class ScriptedHandler : IGatewayConnectionHandler
{
    readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    readonly TaskCompletionSource<GatewayConnection> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action<GatewayConnection>? Opened { get; set; }

    public Action<GatewayConnection, string>? Received { get; set; }

    public Action<GatewayConnection>? DeadlineCame { get; set; }

    public Action<GatewayConnection>? Overflowed { get; set; }

    public Action<GatewayConnection>? Flushed { get; set; }

    public Action<GatewayConnection, ConnectionClose>? Closed { get; set; }

    public Task<GatewayConnection> Connection => Deadline.For(_opened.Task, () => "a connection");

    public void OnOpened(GatewayConnection connection)
    {
        Write("opened");
        Opened?.Invoke(connection);
        _opened.TrySetResult(connection);
    }

    public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload);
        Write(text);
        Received?.Invoke(connection, text);
    }

    public void OnDeadline(GatewayConnection connection)
    {
        Write("deadline");
        DeadlineCame?.Invoke(connection);
    }

    public void OnOverflow(GatewayConnection connection)
    {
        Write("overflow");
        Overflowed?.Invoke(connection);
    }

    public void OnFlushed(GatewayConnection connection)
    {
        Write("flushed");
        Flushed?.Invoke(connection);
    }

    public void OnClosed(GatewayConnection connection, ConnectionClose close)
    {
        Write($"closed {close.End} {close.Code}");
        Closed?.Invoke(connection, close);
    }

    /// <summary>The next thing that happened.</summary>
    public Task<string> Next() => Deadline.For(_heard.Reader.ReadAsync().AsTask(), () => "word from the connection");

    /// <summary>What happened so far and was not asked for.</summary>
    public List<string> Rest()
    {
        var rest = new List<string>();
        while (_heard.Reader.TryRead(out var word))
            rest.Add(word);
        return rest;
    }

    /// <summary>Does this on the connection's loop and waits for it.</summary>
    public static async Task On(GatewayLoop loop, Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            (_, _) =>
            {
                try
                {
                    work();
                    done.SetResult();
                }
                catch (Exception error)
                {
                    done.SetException(error);
                }
            },
            null);
        await done.Task.WaitAsync(Deadline.Default);
    }

    void Write(string word) => _heard.Writer.TryWrite(word);
}

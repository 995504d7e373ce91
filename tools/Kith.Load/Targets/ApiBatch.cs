using System.Net;
using System.Text;
using Kith.Load.Sockets;
using Kith.Load.Traffic;
using Kith.Load.Wire;

namespace Kith.Load.Targets;

/// <param name="Path">From the server's root.</param>
/// <param name="Token">Empty for none.</param>
/// <param name="Body">JSON, or empty for none.</param>
internal readonly record struct ApiCall(string Method, string Path, string Token, string Body);

/// <summary>
/// Makes many API calls at once, over a few connections, and keeps the replies: a hundred thousand joins take minutes with HttpClient, whose calls cost more
/// here than the server's answers.
/// </summary>
internal sealed class ApiBatch : EventLoop
{
    const int Lanes = 32;

    readonly IPEndPoint _target;
    readonly IReadOnlyList<ApiCall> _calls;
    readonly string[] _replies;
    readonly HttpLane[] _lanes;
    readonly int[] _current;
    readonly TaskCompletionSource<string[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _next;
    int _answered;

    ApiBatch(IPEndPoint target, IReadOnlyList<ApiCall> calls)
        : base("api batch")
    {
        _target = target;
        _calls = calls;
        _replies = new string[calls.Count];
        _lanes = [.. Enumerable.Range(0, Math.Min(Lanes, calls.Count)).Select(_ => new HttpLane())];
        _current = new int[_lanes.Length];
        Post(() => Array.ForEach([.. Enumerable.Range(0, _lanes.Length)], Connect));
    }

    /// <summary>The bodies of the replies, in the order of the calls. One call that fails fails all.</summary>
    public static async Task<string[]> Run(IPEndPoint target, IReadOnlyList<ApiCall> calls, CancellationToken cancel)
    {
        if (calls.Count == 0) return [];
        using var batch = new ApiBatch(target, calls);
        batch.Start();
        await await Task.WhenAny(batch._done.Task, batch.Completion).WaitAsync(cancel);
        return await batch._done.Task;
    }

    protected override TimeSpan Patience() => TimeSpan.FromSeconds(1);

    protected override void OnEvent(ulong tag, uint events)
    {
        var lane = _lanes[(int)tag];
        if (!lane.Connected)
        {
            if (Connections.ConnectError(lane.Descriptor) is not 0 and var error) throw new InvalidOperationException($"No connection to {_target}: errno {error}.");
            lane.Connected = true;
            Epoll.Modify(lane.Descriptor, Libc.EpollIn, tag);
            SendNext((int)tag);
            return;
        }

        var read = lane.Receive();
        if (read == Connections.WouldBlock) return;
        if (read <= 0) throw new InvalidOperationException($"{_calls[_current[(int)tag]].Path}: the connection ended.");
        if (HttpReply.TryRead(lane.Received, out var reply)) OnReply((int)tag, reply);
    }

    protected override void OnTurn()
    {
        if (_answered == _calls.Count) _done.TrySetResult(_replies);
    }

    protected override void OnStop()
    {
        foreach (var lane in _lanes.Where(lane => lane.Descriptor >= 0)) Connections.Close(lane.Descriptor);
    }

    void OnReply(int index, in HttpReply reply)
    {
        var call = _calls[_current[index]];
        var body = Encoding.UTF8.GetString(reply.Body);
        if (reply.Status is < 200 or >= 300) throw new InvalidOperationException($"{call.Method} {call.Path}: {reply.Status} {body}");
        _replies[_current[index]] = body;
        _answered++;
        _lanes[index].Clear();
        SendNext(index);
    }

    void SendNext(int index)
    {
        if (_next == _calls.Count) return;
        var call = _calls[_current[index] = _next++];
        var authorization = call.Token.Length == 0 ? "" : $"Authorization: {call.Token}\r\n";
        var content = call.Body.Length == 0 && call.Method == "GET" ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(call.Body)}\r\n";
        var request = Encoding.UTF8.GetBytes($"{call.Method} {call.Path} HTTP/1.1\r\nHost: {_target}\r\n{authorization}{content}\r\n{call.Body}");
        if (Connections.Send(_lanes[index].Descriptor, request) != request.Length) throw new InvalidOperationException($"{call.Path}: could not be sent.");
    }

    void Connect(int index)
    {
        // Addresses beyond those of sessions: a limit per address must not meet both.
        var descriptor = Connections.Open(LoopbackTarget.Source(60_000 + index), _target, 0);
        if (descriptor < 0) throw new InvalidOperationException($"No connection to {_target}: errno {-descriptor}.");
        _lanes[index].Descriptor = descriptor;
        Epoll.Add(descriptor, Libc.EpollOut, (ulong)index);
    }
}

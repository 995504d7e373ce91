using System.Buffers;
using System.IO.Pipelines;

namespace Kith.Gateway.Transport.Http;

/// <summary>
/// Sends what Kestrel writes. The pipe's reader is scheduled inline, so a flush sends on the thread that flushed, without a hop; the kernel
/// copies and does not block.
/// </summary>
internal sealed class HttpSender(int fd, PipeReader output)
{
    const int MaxSegments = 16;

    readonly IoSignal _writable = new();
    volatile bool _isCancelled;

    internal void SignalWritable() => _writable.Signal();

    /// <summary>Gives up what waits.</summary>
    internal void Cancel()
    {
        _isCancelled = true;
        output.CancelPendingRead();
        _writable.Signal();
    }

    /// <summary>Until the writer has completed and everything has left. False where the client is gone, or on <see cref="Cancel"/>.</summary>
    internal async Task<bool> Run()
    {
        var outcome = Outcome.TookAll;
        while (outcome != Outcome.Gone)
        {
            var result = await output.ReadAsync();
            var buffer = result.Buffer;
            var sent = 0L;
            outcome = _isCancelled ? Outcome.Gone : Send(buffer, out sent);
            output.AdvanceTo(outcome == Outcome.Gone ? buffer.End : buffer.GetPosition(sent));
            if (outcome == Outcome.IsFull)
                await _writable.Wait();
            else if (result.IsCompleted && sent == buffer.Length)
                break;
        }

        await output.CompleteAsync();
        return outcome != Outcome.Gone;
    }

    unsafe Outcome Send(in ReadOnlySequence<byte> buffer, out long sent)
    {
        sent = 0;
        if (buffer.IsEmpty)
            return Outcome.TookAll;
        if (!buffer.IsSingleSegment)
            return SendSegments(buffer, out sent);
        fixed (byte* start = buffer.FirstSpan)
        {
            sent = Posix.Send(fd, start, (nuint)buffer.FirstSpan.Length, Posix.NoSignal | Posix.DontWait);
            return OutcomeOf(ref sent, buffer.FirstSpan.Length);
        }
    }

    unsafe Outcome SendSegments(in ReadOnlySequence<byte> buffer, out long sent)
    {
        var pins = default(Pins);
        var vectors = stackalloc IoVector[MaxSegments];
        var count = 0;
        var offered = 0L;
        try
        {
            foreach (var segment in buffer)
            {
                if (count == MaxSegments)
                    break;
                pins[count] = segment.Pin();
                vectors[count] = new IoVector { Base = (byte*)pins[count].Pointer, Length = (nuint)segment.Length };
                offered += segment.Length;
                count++;
            }

            var message = new MessageHeader { Vectors = vectors, VectorCount = (nuint)count };
            sent = Posix.SendMessage(fd, &message, Posix.NoSignal | Posix.DontWait);
            return OutcomeOf(ref sent, offered);
        }
        finally
        {
            for (var i = 0; i < count; i++)
                pins[i].Dispose();
        }
    }

    static Outcome OutcomeOf(ref long sent, long offered)
    {
        if (sent >= 0)
            return sent == offered ? Outcome.TookAll : Outcome.IsFull;
        sent = 0;
        return Posix.LastError switch
        {
            Errno.Interrupted => Outcome.TookAll,
            Errno.Again or Errno.NoBuffers or Errno.OutOfMemory => Outcome.IsFull,
            _ => Outcome.Gone,
        };
    }

    enum Outcome
    {
        /// <summary>All that was offered: more can be.</summary>
        TookAll,

        /// <summary>The socket says when it takes more.</summary>
        IsFull,
        Gone,
    }

    [System.Runtime.CompilerServices.InlineArray(MaxSegments)]
    struct Pins
    {
        MemoryHandle _first;
    }
}

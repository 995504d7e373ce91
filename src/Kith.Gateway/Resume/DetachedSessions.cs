using Kith.Gateway.Dispatch;
using Kith.Gateway.Sessions;

namespace Kith.Gateway.Resume;

/// <summary>
/// Sessions without a connection, in the order they lost it, until they are resumed or their time is over. No timer for each: all wait equally long, so the first
/// in the queue is the first to expire. Belongs to the loop's thread.
/// </summary>
sealed class DetachedSessions(LoopSessions home)
{
    readonly Queue<(Session Session, int Attachment, int Since)> waiting = new();

    public void Add(Session session) => waiting.Enqueue((session, session.Attachment, home.Seconds));

    /// <summary>Ends those whose time is over.</summary>
    public void Expire()
    {
        var window = (int)home.Node.Options.ResumeWindow.TotalSeconds;
        while (waiting.TryPeek(out var first) && home.Seconds - first.Since >= window)
        {
            waiting.Dequeue();
            // One that was resumed meanwhile, and may have been lost again, has a later attachment.
            if (!first.Session.Ended && first.Session.Attachment == first.Attachment && !first.Session.IsConnected) home.End(first.Session);
        }
    }
}

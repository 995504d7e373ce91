using System.Buffers.Binary;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Sessions;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Resume;

/// <summary>
/// Brings a session to the node where its client resumes. The new node asks for its outline and registers for its events, which wait there; then it asks for the session itself. The old one
/// gives its ring and says what it was told, and forgets it. What waited and was not told there follows the ring: nothing is lost, doubled or out of order.
/// <para>
/// The kind of a question stands for its form and the answer's. Another form is another kind; a node that does not know it has no answer, and the client begins anew.
/// </para>
/// </summary>
sealed partial class SessionHandover(GatewayNode node, LoopReads reads, IGatewayPeers peers, TimeProvider clock, ILogger<SessionHandover> log)
{
    const byte Outline = 1;
    const byte Give = 2;
    const int QuestionBytes = 1 + (4 * sizeof(long));

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>For guilds that are being read.</summary>
    const int Attempts = 120;

    /// <summary>Questions of other nodes are answered from now on.</summary>
    public void Begin() => peers.Answer(AnswerAsync);

    /// <summary>Whether the session is here now, if it is anywhere and the principal's.</summary>
    public async Task<bool> TakeAsync(LoopSessions home, Principal principal, SessionId id, CancellationToken ct)
    {
        if (await peers.AskAsync(Question(Outline, id, principal), ct) is not { } described) return false;
        var outline = SessionOutline.Read(described);
        var adopted = await reads.CallAsync(home.Loop, () => home.Adopt(id, outline));
        try
        {
            await home.Reads.SettleAsync(ct);
            if (await peers.AskAsync(Question(Give, id, principal), ct) is { } given)
            {
                await CompleteAsync(home, adopted, SessionState.Read(given), ct);
                LogTaken(id.ToString(), outline.Identity.User);
                return true;
            }
        }
        catch (Exception e) when (e is UnavailableException or OperationCanceledException)
        {
            LogFailed(e, id.ToString());
        }

        await reads.CallAsync(home.Loop, () => home.End(adopted.Session));
        return false;
    }

    async Task CompleteAsync(LoopSessions home, AdoptedSession adopted, SessionState state, CancellationToken ct)
    {
        List<(GuildJoin Join, GuildWelcome Welcome)> welcomes = [];
        foreach (var join in adopted.Joins)
            welcomes.Add((join, await node.Engine.Welcomes.PlaceAsync(join.Guild.Id, adopted.Session.User, ct)));
        await reads.CallAsync(home.Loop, () =>
        {
            home.Restore(adopted.Session, state);
            foreach (var (join, welcome) in welcomes)
                home.Guilds.Complete(join, welcome);
        });
    }

    async Task<byte[]?> AnswerAsync(byte[] question, CancellationToken ct)
    {
        if (question.Length != QuestionBytes || question[0] is not (Outline or Give)) return null;
        var id = new SessionId(BinaryPrimitives.ReadUInt64LittleEndian(question.AsSpan(1)), BinaryPrimitives.ReadUInt64LittleEndian(question.AsSpan(9)));
        var (user, login) = (new UserId(BinaryPrimitives.ReadInt64LittleEndian(question.AsSpan(17))), new AuthSessionId(BinaryPrimitives.ReadInt64LittleEndian(question.AsSpan(25))));
        if (node.Home(id) is not { } home) return null;
        if (question[0] == Outline) return await reads.CallAsync(home.Loop, () => Find(home, id, user, login) is { } session ? SessionOutline.Of(session).Write() : null);
        // What was handed only to this node, before the new one was known to host the session, is here now; what is handed later goes there as well (EventDelivery).
        await peers.CatchUpAsync(ct);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (isThere, state) = await node.BetweenEventsAsync(home, progress => Take(home, id, user, login, progress), ct);
            if (!isThere || state is not null) return state?.Write();
            await Task.Delay(Pause, clock, ct);
        }

        return null;
    }

    /// <summary>Null for the state of a session for which something is being read: it must be asked again.</summary>
    static (bool IsThere, SessionState? State) Take(LoopSessions home, SessionId id, UserId user, AuthSessionId login, IReadOnlyList<LogPosition> progress)
    {
        if (Find(home, id, user, login) is not { } session) return default;
        if (!session.IsQuiet) return (true, null);
        var state = SessionState.Of(session, home.ToldTo(session, progress));
        home.GiveAway(session);
        return (true, state);
    }

    /// <summary>Another account's session is answered like one that does not exist.</summary>
    static Session? Find(LoopSessions home, SessionId id, UserId user, AuthSessionId login) =>
        home.Find(id) is { BeforeReady: null } session && session.User == user && session.Login == login ? session : null;

    static byte[] Question(byte kind, SessionId id, Principal principal)
    {
        var question = new byte[QuestionBytes];
        question[0] = kind;
        BinaryPrimitives.WriteUInt64LittleEndian(question.AsSpan(1), id.High);
        BinaryPrimitives.WriteUInt64LittleEndian(question.AsSpan(9), id.Low);
        BinaryPrimitives.WriteInt64LittleEndian(question.AsSpan(17), principal.Id.Value);
        BinaryPrimitives.WriteInt64LittleEndian(question.AsSpan(25), principal.Session.Value);
        return question;
    }

    [LoggerMessage(4110, LogLevel.Debug, "The session {Session} of {User} came from another node")]
    partial void LogTaken(string session, UserId user);

    [LoggerMessage(4111, LogLevel.Warning, "The session {Session} could not be brought here")]
    partial void LogFailed(Exception e, string session);
}

/// <summary>A session on its way here, and its places in guilds, where its events wait.</summary>
sealed record AdoptedSession(Session Session, IReadOnlyList<GuildJoin> Joins);

using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Presence;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Transport;
using Kith.Protocol;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Sessions;

/// <summary>
/// Takes a client from IDENTIFY to its last GUILD_CREATE, off the loop, with steps on it. The order makes that no event is missed and none told twice: the session
/// is there for its user's events first, then for its guilds' events, then the state is read, and what happened meanwhile follows the state.
/// </summary>
sealed partial class SessionStarter(
    Tokens tokens, SessionStarts starts, IMemberStore members, ReadyBuilder ready, SessionHandover handover, LoopReads reads, ILogger<SessionStarter> log)
{
    /// <summary>Bytes of GUILD_CREATE that are handed to the loop together.</summary>
    const int BatchBytes = 128 * 1024;

    /// <summary>Bytes that may wait in a session's ring before the next batch.</summary>
    const int MaxPending = 256 * 1024;

    public void Begin(Visitor visitor, GatewayConnection connection, Identify identify) => Run(connection, () => IdentifyAsync(new Start(visitor, connection, identify), reads.Stopped));

    public void Begin(Visitor visitor, GatewayConnection connection, ResumeRequest resume) => Run(connection, () => ResumeAsync(visitor, connection, resume, reads.Stopped));

    void Run(GatewayConnection connection, Func<Task> work)
    {
        var loop = connection.Loop;
        _ = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (Exception e) when (!reads.Stopped.IsCancellationRequested)
            {
                if (e is UnavailableException away) LogAway(away.Dependency);
                else LogFailed(e);
                loop.Post((_, _) => Abandon(connection), null);
            }
        }, reads.Stopped);
    }

    static void Abandon(GatewayConnection connection)
    {
        if (connection.Handler is Session session) session.Home.End(session, GatewayCloseCode.UnknownError, "The session could not be started.");
        else connection.Close((int)GatewayCloseCode.UnknownError, "The session could not be started.");
    }

    async Task ResumeAsync(Visitor visitor, GatewayConnection connection, ResumeRequest resume, CancellationToken ct)
    {
        var loop = connection.Loop;
        if (!(await tokens.AuthenticateAsync(resume.Token, ct)).Ok(out var principal, out _))
            await reads.CallAsync(loop, () => connection.Close((int)GatewayCloseCode.AuthenticationFailed, "Authentication failed."));
        else if (!SessionId.TryParse(resume.SessionId, out var id))
            await reads.CallAsync(loop, () => visitor.Invalidate(connection));
        else
        {
            var node = visitor.Node;
            var isHere = node.Home(id) is { } home && await reads.CallAsync(home.Loop, () => home.Find(id) is not null);
            if (!isHere) await handover.TakeAsync(node.On(loop), principal, id, ct);
            await reads.CallAsync(loop, () => visitor.Resume(connection, principal, id, resume.Seq));
        }
    }

    async Task IdentifyAsync(Start start, CancellationToken ct)
    {
        if (!(await tokens.AuthenticateAsync(start.Identify.Token, ct)).Ok(out var principal, out _))
        {
            await RefuseAsync(start, GatewayCloseCode.AuthenticationFailed);
            return;
        }

        if (IdentifyRules.Check(principal, start.Identify, start.Node.Options, out var identity) is { } refusal)
        {
            await RefuseAsync(start, refusal);
            return;
        }

        if (!await starts.TryStartAsync(principal.Id, principal.User.Bot, ct))
        {
            await reads.CallAsync(start.Loop, () => start.Visitor.Invalidate(start.Connection));
            return;
        }

        if (await reads.CallAsync(start.Loop, () => start.Connection.IsOpen ? start.Home.Begin(identity, start.Connection) : null) is { } session)
            await FillAsync(start, session, principal, ct);
    }

    async Task FillAsync(Start start, Session session, Principal principal, CancellationToken ct)
    {
        var guilds = (await members.OfUserAsync(session.User, ct)).Select(m => m.GuildId).Where(session.Shard.Has).ToArray();
        if (session.IsBot && guilds.Length > start.Node.Options.GuildsPerShard)
        {
            await RefuseAsync(start, GatewayCloseCode.ShardingRequired);
            return;
        }

        var joins = await reads.CallAsync(start.Loop, () => session.Ended ? [] : start.Home.Guilds.JoinInitial(session, guilds));
        // From here on events come for the session, whichever process they are of.
        await start.Home.Reads.SettleAsync(ct);
        var state = await ready.BuildAsync(principal, session, guilds, start.Visitor.Handshake, ct);
        // The login may have ended before the loop knew the session.
        if (!(await tokens.AuthenticateAsync(start.Identify.Token, ct)).Ok(out _, out _))
        {
            await RefuseAsync(start, GatewayCloseCode.AuthenticationFailed);
            return;
        }

        var presence = state.Presence;
        if (start.Identify.Presence is { } said && !ClientPresences.TryRead(said, session.Client, out presence))
        {
            await RefuseAsync(start, GatewayCloseCode.DecodeError);
            return;
        }

        await reads.CallAsync(start.Loop, () => start.Home.SendReady(session, state.Ready, presence));
        // Again, in one query for all guilds: only what is read after the joins is sure to be told of its changes.
        var current = (await members.OfUserAsync(session.User, ct)).ToDictionary(m => m.GuildId);
        await WelcomeAsync(start, session, joins, state, current, ct);
    }

    /// <summary>GUILD_CREATE for each guild that READY lists, a few at a time and no faster than they are read.</summary>
    async Task WelcomeAsync(
        Start start, Session session, IReadOnlyList<GuildJoin> joins, ReadyState state, Dictionary<GuildId, MemberRecord> current, CancellationToken ct)
    {
        List<(GuildJoin Join, GuildWelcome Welcome)> batch = [];
        var bytes = 0;
        for (var i = 0; i < joins.Count && !session.Ended; i++)
        {
            var mark = joins[i].Guild.Mark;
            var welcome = await start.Node.Engine.Welcomes.MakeAsync(WelcomeRequest.Of(session, mark, state.Tails), current.GetValueOrDefault(mark.Guild), ct);
            batch.Add((joins[i], welcome));
            bytes += welcome.Create?.Length ?? 0;
            if (bytes < BatchBytes && i < joins.Count - 1) continue;
            var made = batch.ToArray();
            batch.Clear();
            bytes = 0;
            await await reads.CallAsync(start.Loop, () =>
            {
                foreach (var (join, done) in made)
                {
                    join.Tails = state.Tails;
                    start.Home.Guilds.Complete(join, done);
                }

                return session.Drained(MaxPending);
            });
        }
    }

    Task RefuseAsync(Start start, GatewayCloseCode code) => reads.CallAsync(start.Loop, () =>
    {
        if (start.Connection.Handler is Session session) start.Home.End(session, code, code.ToString());
        else start.Connection.Close((int)code, code.ToString());
    });

    [LoggerMessage(4104, LogLevel.Warning, "{Dependency} is away: a client could not identify")]
    partial void LogAway(string dependency);

    [LoggerMessage(4105, LogLevel.Error, "A client could not identify")]
    partial void LogFailed(Exception e);

    /// <param name="Connection">Stays on its loop until the session has begun.</param>
    sealed record Start(Visitor Visitor, GatewayConnection Connection, Identify Identify)
    {
        public GatewayLoop Loop { get; } = Connection.Loop;

        public GatewayNode Node => Visitor.Node;

        public LoopSessions Home => Node.On(Loop);
    }
}

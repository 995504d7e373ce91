using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Protocol;
using Kith.Protocol;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Sessions;

/// <summary>Answers opcode 8: members by id, by the beginning of their names, or all of a guild, in chunks that follow each other as fast as the client reads.</summary>
sealed partial class MemberRequests(GuildDirectory guilds, IMemberStore members, GuildWelcomes wires, LoopReads reads, ILogger<MemberRequests> log) : IDisposable
{
    /// <summary>Members of one chunk.</summary>
    const int ChunkSize = 1000;

    const int MaxIds = 100;
    const int MaxQueryLimit = 100;
    const int MaxNonceBytes = 32;

    /// <summary>Bytes that may wait in a session's ring before the next chunk.</summary>
    const int MaxPending = 256 * 1024;

    /// <summary>Guilds that are listed whole at a time, each up to 300 KB of JSON a chunk.</summary>
    readonly SemaphoreSlim listings = new(4);

    /// <summary>On the session's loop; the answer is made off it.</summary>
    public void Begin(Session session, RequestGuildMembers request) => _ = Task.Run(() => AnswerAsync(session, request, reads.Stopped), reads.Stopped);

    public void Dispose() => listings.Dispose();

    async Task AnswerAsync(Session session, RequestGuildMembers request, CancellationToken ct)
    {
        try
        {
            if (await guilds.MemberAsync(request.GuildId, session.User, ct) is not null)
            {
                if (request.UserIds is { } ids) await AnswerIdsAsync(session, request, Read(ids), ct);
                else if (request is { Query.Length: > 0 } or { Limit: > 0 }) await AnswerQueryAsync(session, request, ct);
                else await AnswerAllAsync(session, request, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(e, request.GuildId);
        }

        await reads.CallAsync(session.Home.Loop, () => session.MemberRequests--);
    }

    async Task AnswerIdsAsync(Session session, RequestGuildMembers request, IReadOnlyList<UserId> ids, CancellationToken ct)
    {
        var found = await members.FindManyAsync(request.GuildId, ids, ct);
        if (request.Presences && !session.IsBot)
            await reads.CallAsync(session.Home.Loop, () => Watch(session, [.. found.Select(m => m.UserId)]));
        await SendAsync(session, request, found, ct, notFound: [.. ids.Except(found.Select(m => m.UserId))]);
    }

    async Task AnswerQueryAsync(Session session, RequestGuildMembers request, CancellationToken ct)
    {
        var limit = Math.Clamp(request.Limit, 1, MaxQueryLimit);
        await SendAsync(session, request, await members.SearchAsync(request.GuildId, request.Query ?? "", limit, ct), ct);
    }

    async Task AnswerAllAsync(Session session, RequestGuildMembers request, CancellationToken ct)
    {
        // To list a whole guild is what the privileged intent is about: without it there is an answer, but nobody in it.
        if (!session.Wants(Intents.GuildMembers))
        {
            await SendAsync(session, request, [], ct);
            return;
        }

        await listings.WaitAsync(ct);
        try
        {
            // Who joins or leaves meanwhile is told by events; the number of chunks stays as announced.
            var chunks = Math.Max(1, (await members.CountAsync(request.GuildId, ct) + ChunkSize - 1) / ChunkSize);
            var after = default(UserId);
            for (var i = 0; i < chunks && !session.Ended; i++)
            {
                var page = await members.ListAsync(request.GuildId, after, ChunkSize, ct);
                if (page.Count > 0) after = page[^1].UserId;
                await SendAsync(session, request, page, ct, chunk: (i, chunks));
            }
        }
        finally
        {
            listings.Release();
        }
    }

    async Task SendAsync(
        Session session, RequestGuildMembers request, IReadOnlyList<MemberRecord> found, CancellationToken ct, (int Index, int Count)? chunk = null, IReadOnlyList<UserId>? notFound = null)
    {
        var withPresences = request.Presences && session.Wants(Intents.GuildPresences);
        var payload = OutboundEvent.Create("GUILD_MEMBERS_CHUNK", Wire.Utf8(new GuildMembersChunk
        {
            GuildId = request.GuildId, Members = await wires.WireAsync(found, ct), ChunkIndex = chunk?.Index ?? 0, ChunkCount = chunk?.Count ?? 1, NotFound = notFound ?? [],
            Presences = withPresences ? await wires.PresencesAsync([.. found.Select(m => m.UserId)], ct) : null,
            Nonce = request.Nonce is { } nonce && System.Text.Encoding.UTF8.GetByteCount(nonce) <= MaxNonceBytes ? nonce : null,
        }));
        await await reads.CallAsync(session.Home.Loop, () =>
        {
            session.Home.Append(session, payload, Intents.None);
            return session.Drained(MaxPending);
        });
    }

    static bool Watch(Session session, IReadOnlyList<UserId> users)
    {
        session.Home.Presences.Watch(session, users);
        return true;
    }

    /// <summary>One id or an array; what is no id is left out.</summary>
    static IReadOnlyList<UserId> Read(JsonElement ids) =>
    [
        .. (ids.ValueKind == JsonValueKind.Array ? ids.EnumerateArray().AsEnumerable() : [ids])
            .Select(id => Snowflake.TryParse(id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText(), out var value) ? new UserId(value) : default)
            .Where(id => id.Value != 0).Distinct().Take(MaxIds),
    ];

    [LoggerMessage(4103, LogLevel.Error, "A request for members of {Guild} could not be answered")]
    partial void LogFailed(Exception e, GuildId guild);
}

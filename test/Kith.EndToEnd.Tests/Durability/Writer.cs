using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>What one sender knows of a message that the server has acknowledged.</summary>
sealed record Written(MessageId Id, string Content, bool Deleted = false);

/// <summary>
/// One person who writes as fast as the server answers, changes and deletes some of it, and remembers what was acknowledged. What was under way when the server died is
/// asked for again, with the same nonce, before anything else.
/// </summary>
sealed class Writer(TestUser user, ChannelId channel, int seed)
{
    readonly Random random = new(seed);
    readonly List<Written> acknowledged = [];
    (string Content, string Nonce)? sending;
    (int Index, string? Content)? changing;
    int next;

    public IReadOnlyList<Written> Acknowledged => acknowledged;

    public ChannelId Channel => channel;

    /// <summary>Until the server is gone.</summary>
    /// <param name="server">Which has a new address after each start.</param>
    /// <param name="onAcknowledged">Called after each answer.</param>
    public async Task WriteUntilGone(KithProcess server, Action onAcknowledged)
    {
        var api = server.As(user.Token);
        try
        {
            while (true)
            {
                await Step(api);
                onAcknowledged();
            }
        }
        catch (HttpRequestException)
        {
            // Killed. What was under way stays remembered.
        }
    }

    /// <summary>Finishes what the kill interrupted.</summary>
    public async Task Finish(KithProcess server)
    {
        var api = server.As(user.Token);
        while (sending is not null || changing is not null)
            await Step(api);
    }

    Task Step(ApiClient api)
    {
        if (changing is null && sending is null)
        {
            var old = acknowledged.Count == 0 ? -1 : random.Next(acknowledged.Count);
            if (old >= 0 && !acknowledged[old].Deleted && random.Next(6) == 0)
                changing = (old, random.Next(2) == 0 ? null : $"{acknowledged[old].Content}, changed {next}");
            else
                sending = ($"{seed}-{next++}", $"{seed}.{next}");
        }

        return changing is { } change ? Change(api, change.Index, change.Content) : Send(api);
    }

    async Task Send(ApiClient api)
    {
        var (content, nonce) = sending!.Value;
        var message = (await api.Post($"/channels/{channel}/messages", new { content, nonce, enforce_nonce = true })).Ok();
        acknowledged.Add(new Written(message.Id<MessageId>(), content));
        sending = null;
    }

    async Task Change(ApiClient api, int index, string? content)
    {
        var old = acknowledged[index];
        var path = $"/channels/{channel}/messages/{old.Id}";
        if (content is null)
        {
            // Repeated after a lost answer, it may be gone already.
            var reply = await api.Delete(path);
            if (reply.Status != 404) reply.Ok(204);
            acknowledged[index] = old with { Deleted = true };
        }
        else
        {
            JsonElement edited = (await api.Patch(path, new { content })).Ok();
            acknowledged[index] = old with { Content = edited.Str("content")! };
        }

        changing = null;
    }
}

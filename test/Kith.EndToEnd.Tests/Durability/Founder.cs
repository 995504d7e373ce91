using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>Someone who makes servers and deletes them again: writes of many rows, which are done whole or not at all. Making one has no nonce: repeated, it may be there twice.</summary>
sealed class Founder(IVictim server, TestUser user, int seed)
{
    /// <summary>Servers at once, far below what one may have.</summary>
    const int AtMost = 6;

    readonly Insisting api = new(server, user.Token, seed);
    readonly HashSet<GuildId> standing = [];
    readonly HashSet<GuildId> deleted = [];

    public async Task FoundAsync(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            if (standing.Count >= AtMost)
                await DeleteAsync(standing.First());
            else
                standing.Add((await api.AskAsync(HttpMethod.Post, "/guilds", new { name = "Founded" })).Reply.Ok(201).Id<GuildId>());
        }
    }

    /// <summary>Every server there is, is whole, and those that were acknowledged are there; then removes what was made without an answer. Says what it saw.</summary>
    public async Task<string> CheckAsync()
    {
        var found = (await GetAsync("/users/@me/guilds")).Ok().Items().Select(g => g.Id<GuildId>()).ToHashSet();
        Assert.Empty(standing.Except(found));
        Assert.Empty(found.Intersect(deleted));
        foreach (var guild in found)
        {
            Assert.Single((await GetAsync($"/guilds/{guild}")).Ok().Items("roles"));
            Assert.Single((await GetAsync($"/guilds/{guild}/channels")).Ok().Items());
            Assert.Equal(user.Id, (await GetAsync($"/guilds/{guild}/members/{user.Id}")).Ok().GetProperty("user").Id<UserId>());
        }

        var unanswered = found.Except(standing).ToArray();
        foreach (var guild in unanswered)
            await DeleteAsync(guild);
        return $"{standing.Count} servers stand, {deleted.Count} deleted, {unanswered.Length} were made without an answer";
    }

    async Task<ApiReply> GetAsync(string path) => (await api.AskAsync(HttpMethod.Get, path)).Reply;

    async Task DeleteAsync(GuildId guild)
    {
        var (reply, repeated) = await api.AskAsync(HttpMethod.Delete, $"/guilds/{guild}");
        if (repeated is null || reply.Status != 404) reply.Ok(204);
        standing.Remove(guild);
        deleted.Add(guild);
    }
}

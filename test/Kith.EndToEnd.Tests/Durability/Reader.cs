using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>Who sees all channels and acks nothing.</summary>
sealed class Reader(IVictim server, TestUser user, int seed)
{
    const int MaxPage = 100;

    readonly Insisting api = new(server, user.Token, seed);

    public TestUser User => user;

    public async Task<ApiReply> TryAsync(string path) => (await api.AskAsync(HttpMethod.Get, path)).Reply;

    public async Task<JsonElement> GetAsync(string path) => (await TryAsync(path)).Ok();

    /// <summary>Oldest first.</summary>
    public async Task<List<JsonElement>> HistoryAsync(ChannelId channel)
    {
        List<JsonElement> all = [];
        for (var before = ""; ;)
        {
            var page = (await GetAsync($"/channels/{channel}/messages?limit={MaxPage}{before}")).Items();
            all.AddRange(page);
            if (page.Count < MaxPage) break;
            before = $"&before={page[^1].Str("id")}";
        }

        all.Reverse();
        return all;
    }
}

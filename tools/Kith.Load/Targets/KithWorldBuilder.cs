using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kith.Load.Targets;

/// <summary>Makes accounts, servers and conversations on a Kith server as anyone would: over its API. Nothing here is measured.</summary>
internal sealed class KithWorldBuilder : IWorldBuilder, IDisposable
{
    const int AtOnce = 32;

    readonly HttpClient _http;
    readonly Account[]? _given;
    int _taken;

    /// <param name="given">Accounts that exist already; none are registered then.</param>
    public KithWorldBuilder(string url, Account[]? given = null)
    {
        _given = given;
        _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { BaseAddress = new(url.TrimEnd('/') + "/api/v10/") };
    }

    /// <summary>Lines of <c>id name token</c>, as <c>kith user create --tokens</c> writes them.</summary>
    public static Account[] ReadAccounts(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length >= 3)
            .Select(fields => new Account(ulong.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2]))];

    public async Task<Account[]> CreateAccounts(int count, CancellationToken cancel)
    {
        if (_given is not null)
        {
            var taken = _given.Skip(_taken).Take(count).ToArray();
            _taken += taken.Length;
            return taken.Length == count ? taken : throw new InvalidOperationException($"{count} accounts are needed, but {taken.Length} are left in the file.");
        }

        var prefix = $"load{Random.Shared.Next(1 << 24):x6}";
        var accounts = new Account[count];
        await ForAll(count, async i => accounts[i] = await Register($"{prefix}.{i}", cancel), cancel);
        return accounts;
    }

    public async Task<Channel> CreateServer(string name, Account[] accounts, int[] members, CancellationToken cancel)
    {
        var owner = accounts[members[0]];
        var guild = await Call(HttpMethod.Post, "guilds", owner, new JsonObject { ["name"] = name }, cancel);
        var channel = await TextChannel(guild, owner, cancel);
        if (members.Length > 1)
        {
            var invite = await Call(HttpMethod.Post, $"channels/{channel}/invites", owner, new JsonObject { ["max_age"] = 0, ["max_uses"] = 0 }, cancel);
            var code = (string)invite["code"]!;
            await ForAll(members.Length - 1, i => Call(HttpMethod.Post, $"invites/{code}", accounts[members[i + 1]], [], cancel), cancel);
        }

        return new(channel, members);
    }

    public async Task<Channel> CreateConversation(Account[] accounts, int[] members, CancellationToken cancel)
    {
        var others = new JsonArray([.. members.Skip(1).Select(member => (JsonNode)accounts[member].Id.ToString(CultureInfo.InvariantCulture))]);
        var channel = await Call(HttpMethod.Post, "users/@me/channels", accounts[members[0]], new JsonObject { ["recipients"] = others }, cancel);
        return new(Id(channel), members);
    }

    public void Dispose() => _http.Dispose();

    async Task<Account> Register(string name, CancellationToken cancel)
    {
        var made = await Call(HttpMethod.Post, "auth/register", null, new JsonObject { ["username"] = name, ["password"] = "load-generator-0" }, cancel);
        return new(ulong.Parse((string)made["user_id"]!, CultureInfo.InvariantCulture), name, (string)made["token"]!);
    }

    /// <summary>The channel that a new server comes with, or one made for it.</summary>
    async Task<ulong> TextChannel(JsonNode guild, Account owner, CancellationToken cancel)
    {
        if (guild["channels"] is JsonArray channels && channels.FirstOrDefault(IsText) is { } text) return Id(text);
        var id = Id(guild);
        var listed = (await Call(HttpMethod.Get, $"guilds/{id}/channels", owner, null, cancel)).AsArray();
        return Id(listed.FirstOrDefault(IsText) ?? await Call(HttpMethod.Post, $"guilds/{id}/channels", owner, new JsonObject { ["name"] = "load", ["type"] = 0 }, cancel));
    }

    static bool IsText(JsonNode? channel) => (int?)channel?["type"] == 0;

    static ulong Id(JsonNode entity) => ulong.Parse((string)entity["id"]!, CultureInfo.InvariantCulture);

    static Task ForAll(int count, Func<int, Task> action, CancellationToken cancel) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, _) => await action(i));

    async Task<JsonNode> Call(HttpMethod method, string path, Account? who, JsonObject? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (who is not null) request.Headers.Authorization = new AuthenticationHeaderValue(who.Token);
        if (body is not null) request.Content = JsonContent.Create(body, mediaType: new("application/json"));
        using var reply = await _http.SendAsync(request, cancel);
        var text = await reply.Content.ReadAsStringAsync(cancel);
        if (!reply.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)reply.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? throw new JsonException($"{method} {path} answered null.");
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Kith.Load.Sockets;

namespace Kith.Load.Targets;

/// <summary>The program <c>kith</c> and the folder of the store that it works on.</summary>
internal sealed record Instance(string Program, string Data);

/// <summary>
/// Makes servers and conversations on a Kith server as anyone would, over its API, and accounts in bulk by its command line where the store is at hand.
/// Joins go over the API as well: what the command line adds to a server, a server that runs is not told. Nothing here is measured.
/// </summary>
/// <param name="given">Accounts that exist already; none are made then.</param>
/// <param name="instance">Where <c>kith user create</c> can be run; without it accounts are registered.</param>
internal sealed class KithWorldBuilder(string url, Account[]? given = null, Instance? instance = null) : IWorldBuilder
{
    const string Api = "/api/v10/";

    readonly IPEndPoint _target = LoopbackTarget.Parse(url);
    int _taken;

    /// <summary>Lines of <c>id name token</c>, as <c>kith user create --tokens</c> writes them.</summary>
    public static Account[] ReadAccounts(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length >= 3)
            .Select(fields => new Account(ulong.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2]))];

    public async Task<Account[]> CreateAccounts(int count, CancellationToken cancel)
    {
        if (given is not null)
        {
            var taken = given.Skip(_taken).Take(count).ToArray();
            _taken += taken.Length;
            return taken.Length == count ? taken : throw new InvalidOperationException($"{count} accounts are needed, but {taken.Length} are left in the file.");
        }

        var prefix = $"load{Random.Shared.Next(1 << 24):x6}u";
        if (instance is not null) return await CreateInBulk(instance, prefix, count, cancel);
        var names = Enumerable.Range(0, count).Select(i => $"{prefix}{i}").ToArray();
        var made = await Post([.. names.Select(name => (Path: "auth/register", (Account?)null, Body: new JsonObject { ["username"] = name, ["password"] = "load-generator-0" }))], cancel);
        return [.. made.Select((reply, i) => new Account(ulong.Parse((string)reply["user_id"]!, CultureInfo.InvariantCulture), names[i], (string)reply["token"]!))];
    }

    public async Task<Channel[]> CreateServers(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel)
    {
        var owners = members.Select(all => accounts[all[0]]).ToArray();
        var guilds = await Post([.. owners.Select((owner, i) => (Path: "guilds", (Account?)owner, Body: new JsonObject { ["name"] = $"load {i}" }))], cancel);
        var channels = await TextChannels([.. guilds.Select(Id)], owners, cancel);
        var invites = await Post([.. channels.Select((channel, i) => (Path: $"channels/{channel}/invites", (Account?)owners[i], Body: new JsonObject { ["max_age"] = 0, ["max_uses"] = 0 }))], cancel);
        var joins = members.SelectMany((all, i) => all.Skip(1).Select(member => (Path: $"invites/{(string)invites[i]["code"]!}", (Account?)accounts[member], Body: new JsonObject())));
        await Post([.. joins], cancel);
        return [.. channels.Select((channel, i) => new Channel(channel, members[i]))];
    }

    public async Task<Channel[]> CreateConversations(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel)
    {
        var made = await Post([.. members.Select(all => (Path: "users/@me/channels", (Account?)accounts[all[0]], Body: new JsonObject { ["recipients"] = Recipients(accounts, all) }))], cancel);
        return [.. made.Select((reply, i) => new Channel(Id(reply), members[i]))];
    }

    static async Task<Account[]> CreateInBulk(Instance instance, string prefix, int count, CancellationToken cancel)
    {
        var file = Path.Combine(instance.Data, prefix);
        await ServerProcess.RunToEnd([instance.Program, "user", "create", prefix, "--count", count.ToString(CultureInfo.InvariantCulture), "--tokens", file, "--data", instance.Data], cancel);
        return ReadAccounts(file);
    }

    static JsonArray Recipients(Account[] accounts, int[] members) =>
        new([.. members.Skip(1).Select(member => (JsonNode)accounts[member].Id.ToString(CultureInfo.InvariantCulture))]);

    static ulong Id(JsonNode entity) => ulong.Parse((string)entity["id"]!, CultureInfo.InvariantCulture);

    /// <summary>The text channel that a new server comes with, or one made for it.</summary>
    async Task<ulong[]> TextChannels(ulong[] guilds, Account[] owners, CancellationToken cancel)
    {
        var listed = await ApiBatch.Run(_target, [.. guilds.Select((guild, i) => new ApiCall("GET", $"{Api}guilds/{guild}/channels", owners[i].Token, ""))], cancel);
        var found = listed.Select(list => JsonNode.Parse(list)!.AsArray().FirstOrDefault(channel => (int?)channel?["type"] == 0)).ToArray();
        var without = Enumerable.Range(0, guilds.Length).Where(i => found[i] is null).ToArray();
        var made = await Post([.. without.Select(i => (Path: $"guilds/{guilds[i]}/channels", (Account?)owners[i], Body: new JsonObject { ["name"] = "load", ["type"] = 0 }))], cancel);
        for (var i = 0; i < without.Length; i++) found[without[i]] = made[i];
        return [.. found.Select(channel => Id(channel!))];
    }

    async Task<JsonNode[]> Post(IReadOnlyList<(string Path, Account? Who, JsonObject Body)> calls, CancellationToken cancel)
    {
        var replies = await ApiBatch.Run(_target, [.. calls.Select(call => new ApiCall("POST", Api + call.Path, call.Who?.Token ?? "", call.Body.ToJsonString()))], cancel);
        return [.. replies.Select(reply => JsonNode.Parse(reply.Length == 0 ? "{}" : reply)!)];
    }
}

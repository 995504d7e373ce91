using Kith.Load.Sessions;
using Kith.Load.Workers;

namespace Kith.Load.Targets;

/// <param name="Id">The user's snowflake.</param>
/// <param name="Token">Empty for servers without accounts.</param>
internal sealed record Account(ulong Id, string Name, string Token);

/// <param name="Members">Indexes of the accounts that receive what is said in it.</param>
internal sealed record Channel(ulong Id, int[] Members);

/// <summary>Who there is and who shares channels with whom.</summary>
internal sealed record World(Account[] Accounts, Channel[] Channels)
{
    public ulong[] ChannelIds => [.. Channels.Select(channel => channel.Id)];

    public string[] Tokens => [.. Accounts.Select(account => account.Token)];

    /// <summary>One session per account, watching all channels that it is a member of.</summary>
    /// <param name="slow">How many of the accounts, counted from the end, will stop reading when told.</param>
    public SessionSpec[] Sessions(int slow = 0)
    {
        var watches = Accounts.Select(_ => new List<int>()).ToArray();
        for (var channel = 0; channel < Channels.Length; channel++)
        {
            foreach (var member in Channels[channel].Members) watches[member].Add(channel);
        }

        return [.. Accounts.Select((account, i) => new SessionSpec(account.Token, [.. watches[i]], i >= Accounts.Length - slow))];
    }
}

/// <summary>Makes accounts and places on one kind of server, by whatever way that server has.</summary>
internal interface IWorldBuilder
{
    Task<Account[]> CreateAccounts(int count, CancellationToken cancel);

    /// <summary>Servers with one text channel each, given by their members; the first of them owns it.</summary>
    Task<Channel[]> CreateServers(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel);

    /// <summary>DMs of two, and groups of more.</summary>
    Task<Channel[]> CreateConversations(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel);
}

/// <summary>The baselines know no accounts, and a channel is there when it is first named.</summary>
internal sealed class BaselineWorldBuilder : IWorldBuilder
{
    ulong _channels = 1000;

    public Task<Account[]> CreateAccounts(int count, CancellationToken cancel) =>
        Task.FromResult(Enumerable.Range(1, count).Select(i => new Account((ulong)i, $"load{i}", "")).ToArray());

    public Task<Channel[]> CreateServers(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel) =>
        Task.FromResult(members.Select(all => new Channel(++_channels, all)).ToArray());

    public Task<Channel[]> CreateConversations(Account[] accounts, IReadOnlyList<int[]> members, CancellationToken cancel) => CreateServers(accounts, members, cancel);
}

/// <summary>A server under load and all that a scenario needs of it.</summary>
/// <param name="Probe">Watches nothing when the server's process is unknown.</param>
internal sealed record TargetServer(Target Target, IWorldBuilder Worlds, Measures.ServerProbe Probe);

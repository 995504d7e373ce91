using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>What is killed, and the server around it.</summary>
public interface IVictim
{
    /// <summary>Where sockets are opened, whatever was killed.</summary>
    Uri Address { get; }

    /// <summary>Whom to ask: each process that takes requests, without those that were killed where others go on.</summary>
    IReadOnlyList<ApiClient> Processes { get; }

    /// <summary>Whether requests are answered while it is dead.</summary>
    bool OthersGoOn { get; }

    /// <summary>Whether it may die between a deletion and its event, which nobody is told of then.</summary>
    bool MayDieUntold { get; }

    /// <summary>How often it is killed.</summary>
    int Rounds { get; }

    /// <summary>kill -9.</summary>
    Task KillAsync();

    /// <summary>Ends when it is ready.</summary>
    Task StartAsync();

    /// <summary>An orderly end and a new start, where that is another beginning than after a kill.</summary>
    Task RestartInOrderAsync();

    /// <summary>What it said, for a failure's report.</summary>
    string Output();
}

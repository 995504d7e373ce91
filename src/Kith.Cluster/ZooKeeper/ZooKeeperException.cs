namespace Kith.Cluster.ZooKeeper;

/// <summary>What Apache's client returns, of which those matter here.</summary>
enum ZooKeeperError
{
    Ok = 0,
    ConnectionLoss = -4,
    OperationTimeout = -7,
    InvalidState = -9,
    NoNode = -101,
    NodeExists = -110,
    SessionExpired = -112,
}

sealed class ZooKeeperException(ZooKeeperError error, string call) : IOException($"{call}: {error}")
{
    public ZooKeeperError Error => error;

    /// <summary>The session is over: what it held is another's to take. Only a new one helps.</summary>
    public bool IsFinal => error is ZooKeeperError.SessionExpired or ZooKeeperError.InvalidState;
}

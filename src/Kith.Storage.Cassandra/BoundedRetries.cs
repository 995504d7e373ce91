using Cassandra;

namespace Kith.Storage.Cassandra;

/// <summary>
/// Another node is asked at most twice more, and only for what does no harm if done twice. A lower consistency is never taken in its place.
/// </summary>
sealed class BoundedRetries : IExtendedRetryPolicy
{
    public const int Most = 2;

    public RetryDecision OnReadTimeout(IStatement query, ConsistencyLevel cl, int requiredResponses, int receivedResponses, bool dataRetrieved, int nbRetry) => Next(nbRetry);

    public RetryDecision OnWriteTimeout(IStatement query, ConsistencyLevel cl, string writeType, int requiredAcks, int receivedAcks, int nbRetry) => NextIfSafe(query, nbRetry);

    public RetryDecision OnUnavailable(IStatement query, ConsistencyLevel cl, int requiredReplica, int aliveReplica, int nbRetry) =>
        // Nothing was done. One other node may see more of its neighbours.
        nbRetry == 0 ? RetryDecision.Retry(null, useCurrentHost: false) : RetryDecision.Rethrow();

    public RetryDecision OnRequestError(IStatement statement, Configuration config, Exception ex, int nbRetry) => NextIfSafe(statement, nbRetry);

    static RetryDecision NextIfSafe(IStatement statement, int nbRetry) => statement.IsIdempotent == true ? Next(nbRetry) : RetryDecision.Rethrow();

    static RetryDecision Next(int nbRetry) => nbRetry < Most ? RetryDecision.Retry(null, useCurrentHost: false) : RetryDecision.Rethrow();
}

using Cassandra;
using Kith.Storage.Cassandra;

namespace Kith.Cassandra.Tests;

/// <summary>When another node is asked again; needs no node.</summary>
public sealed class RetryTests
{
    static readonly IStatement Safe = new SimpleStatement("SELECT").SetIdempotence(true);
    static readonly IStatement Unsafe = new SimpleStatement("UPDATE").SetIdempotence(false);
    readonly BoundedRetries retries = new();

    [Theory]
    [InlineData(0, RetryDecision.RetryDecisionType.Retry)]
    [InlineData(1, RetryDecision.RetryDecisionType.Retry)]
    [InlineData(2, RetryDecision.RetryDecisionType.Rethrow)]
    public void What_may_be_done_twice_is_tried_three_times_at_most(int tries, RetryDecision.RetryDecisionType expected)
    {
        RetryDecision[] decisions =
        [
            retries.OnReadTimeout(Safe, ConsistencyLevel.LocalQuorum, 2, 1, dataRetrieved: false, tries),
            retries.OnWriteTimeout(Safe, ConsistencyLevel.LocalQuorum, "SIMPLE", 2, 1, tries),
            retries.OnRequestError(Safe, null!, new IOException(), tries),
        ];
        Assert.All(decisions, d => Assert.Equal(expected, d.DecisionType));
        // The same consistency, from another node.
        if (expected == RetryDecision.RetryDecisionType.Retry) Assert.All(decisions, d => Assert.True(d.RetryConsistencyLevel is null && !d.UseCurrentHost));
    }

    [Fact]
    public void A_write_that_may_have_happened_is_not_repeated_unless_that_is_harmless()
    {
        Assert.Equal(RetryDecision.RetryDecisionType.Rethrow, retries.OnWriteTimeout(Unsafe, ConsistencyLevel.LocalQuorum, "SIMPLE", 2, 1, 0).DecisionType);
        Assert.Equal(RetryDecision.RetryDecisionType.Rethrow, retries.OnRequestError(Unsafe, null!, new IOException(), 0).DecisionType);
    }
}

using Kith.Engine.Accounts;
using Kith.Testing;

namespace Kith.Engine.Tests.Accounts;

public sealed class LoginAttemptsTests
{
    readonly ManualTimeProvider clock = new();

    [Fact]
    public void An_account_may_be_tried_so_often_in_a_window_and_then_again()
    {
        var attempts = new LoginAttempts(clock);
        for (var i = 0; i < LoginAttempts.PerAccount; i++)
            Assert.Null(attempts.Take("alice", "10.0.0.1"));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(LoginAttempts.Window - TimeSpan.FromMinutes(5), attempts.Take("alice", "10.0.0.1"));
        Assert.Null(attempts.Take("bob", "10.0.0.1"));
        clock.Advance(LoginAttempts.Window);
        Assert.Null(attempts.Take("alice", "10.0.0.1"));
    }

    [Fact]
    public void A_success_forgets_the_failures()
    {
        var attempts = new LoginAttempts(clock);
        for (var i = 0; i < LoginAttempts.PerAccount; i++)
            attempts.Take("alice", "10.0.0.1");
        attempts.Succeeded("alice");
        Assert.Null(attempts.Take("alice", "10.0.0.1"));
    }

    [Fact]
    public void An_address_may_fail_so_often_over_all_accounts()
    {
        var attempts = new LoginAttempts(clock);
        for (var i = 0; i < LoginAttempts.PerAddress; i++)
        {
            Assert.Null(attempts.Take($"user{i}", "10.0.0.1"));
            attempts.Failed("10.0.0.1");
        }

        Assert.NotNull(attempts.Take("another", "10.0.0.1"));
        Assert.Null(attempts.Take("another", "10.0.0.2"));
    }
}

using Kith.Cluster.InProcess;
using Kith.Engine.Accounts;
using Kith.Testing;

namespace Kith.Engine.Tests.Accounts;

public sealed class LoginAttemptsTests
{
    readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task An_account_may_be_tried_so_often_in_a_window_and_then_again()
    {
        var attempts = new LoginAttempts(new InProcessRateCounters(clock));
        for (var i = 0; i < LoginAttempts.PerAccount; i++)
            Assert.Null(await attempts.TakeAsync("alice", "10.0.0.1", default));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(LoginAttempts.Window - TimeSpan.FromMinutes(5), await attempts.TakeAsync("alice", "10.0.0.1", default));
        Assert.Null(await attempts.TakeAsync("bob", "10.0.0.1", default));
        clock.Advance(LoginAttempts.Window);
        Assert.Null(await attempts.TakeAsync("alice", "10.0.0.1", default));
    }

    [Fact]
    public async Task A_success_forgets_the_failures()
    {
        var attempts = new LoginAttempts(new InProcessRateCounters(clock));
        for (var i = 0; i < LoginAttempts.PerAccount; i++)
            await attempts.TakeAsync("alice", "10.0.0.1", default);
        await attempts.SucceededAsync("alice", default);
        Assert.Null(await attempts.TakeAsync("alice", "10.0.0.1", default));
    }

    [Fact]
    public async Task An_address_may_fail_so_often_over_all_accounts()
    {
        var attempts = new LoginAttempts(new InProcessRateCounters(clock));
        for (var i = 0; i < LoginAttempts.PerAddress; i++)
        {
            Assert.Null(await attempts.TakeAsync($"user{i}", "10.0.0.1", default));
            await attempts.FailedAsync("10.0.0.1", default);
        }

        Assert.NotNull(await attempts.TakeAsync("another", "10.0.0.1", default));
        Assert.Null(await attempts.TakeAsync("another", "10.0.0.2", default));
    }
}

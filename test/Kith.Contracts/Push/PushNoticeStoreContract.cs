using Kith.Contracts.Accounts;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Engine.Push;
using Kith.Engine.Unread;
using Xunit;

namespace Kith.Contracts.Push;

/// <summary>The stores of pushes, over one database.</summary>
public sealed record PushStores(IPushSubscriptionStore Subscriptions, IPushNoticeStore Notices, IPushAudienceStore Audience, IReadStateStore ReadStates, AccountStores Accounts);

/// <summary>What every durable queue of pushes promises.</summary>
public abstract class PushNoticeStoreContract
{
    static readonly DateTimeOffset Now = AccountFixture.Now;
    static readonly DateTimeOffset Lease = Now.AddMinutes(1);
    static readonly DateTimeOffset Forgotten = Now.AddDays(28);

    protected abstract ValueTask<PushStores> StoresAsync();

    [Fact]
    public async Task What_is_claimed_is_not_claimed_again_until_its_lease_ends()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        Assert.Equal([scene.Service], (await scene.Notices.ServicesDueAsync(Now, default)).Intersect([scene.Service]));
        var claimed = Assert.Single(await scene.ClaimAsync());
        Assert.Equal((scene.Device.Id, scene.Key(7), true, false, 1), (claimed.Device.Id, claimed.Message, claimed.Urgent, claimed.Withdrawn, claimed.Attempts));
        Assert.Equal(scene.Device.Secret, claimed.Device.Secret);
        Assert.Empty(await scene.ClaimAsync());
        Assert.DoesNotContain(scene.Service, await scene.Notices.ServicesDueAsync(Now, default));
        Assert.Equal(2, Assert.Single(await scene.ClaimAsync(Lease)).Attempts);
    }

    [Fact]
    public async Task What_was_delivered_is_not_due_until_a_newer_message_comes_and_a_repeat_is_none()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Delivered);
        await scene.ShowAsync(7);
        await scene.ShowAsync(6);
        Assert.Empty(await scene.ClaimAsync(Now.AddDays(1)));
        await scene.ShowAsync(8);
        Assert.Equal(scene.Key(8), Assert.Single(await scene.ClaimAsync()).Message);
    }

    [Fact]
    public async Task A_message_that_comes_while_one_is_on_its_way_follows_it()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        var first = Assert.Single(await scene.ClaimAsync());
        await scene.ShowAsync(8);
        Assert.Empty(await scene.ClaimAsync());
        await scene.EndAsync(first, PushEnd.Delivered);
        var second = Assert.Single(await scene.ClaimAsync());
        Assert.Equal((scene.Key(8), 1), (second.Message, second.Attempts));
    }

    [Fact]
    public async Task What_waits_to_be_tried_again_is_replaced_and_keeps_its_time()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Later, Now.AddMinutes(10));
        await scene.ShowAsync(8);
        Assert.Empty(await scene.ClaimAsync(Now.AddMinutes(9)));
        Assert.Equal(scene.Key(8), Assert.Single(await scene.ClaimAsync(Now.AddMinutes(10))).Message);
    }

    [Fact]
    public async Task Reading_drops_what_was_not_sent_and_clears_what_was()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.WithdrawAsync(7);
        Assert.Empty(await scene.ClaimAsync());
        await scene.ShowAsync(8);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Delivered);
        await scene.WithdrawAsync(7);
        Assert.Empty(await scene.ClaimAsync());
        await scene.WithdrawAsync(8);
        await scene.WithdrawAsync(9);
        var clear = Assert.Single(await scene.ClaimAsync());
        Assert.True(clear.Withdrawn);
        await scene.EndAsync(clear, PushEnd.Delivered);
        Assert.Empty(await scene.ClaimAsync(Now.AddDays(1)));
        await scene.ShowAsync(10);
        Assert.False(Assert.Single(await scene.ClaimAsync()).Withdrawn);
    }

    [Fact]
    public async Task Reading_what_is_on_its_way_clears_it_afterwards()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        var shown = Assert.Single(await scene.ClaimAsync());
        await scene.WithdrawAsync(7);
        Assert.Empty(await scene.ClaimAsync());
        await scene.EndAsync(shown, PushEnd.Delivered);
        Assert.True(Assert.Single(await scene.ClaimAsync()).Withdrawn);
    }

    [Fact]
    public async Task A_message_after_a_clear_is_shown_even_while_the_clear_is_on_its_way()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Delivered);
        await scene.WithdrawAsync(7);
        var clear = Assert.Single(await scene.ClaimAsync());
        await scene.ShowAsync(8);
        await scene.EndAsync(clear, PushEnd.Delivered);
        var next = Assert.Single(await scene.ClaimAsync());
        Assert.Equal((scene.Key(8), false), (next.Message, next.Withdrawn));
    }

    [Fact]
    public async Task Reads_that_nobody_told_of_are_found_by_their_marks()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Delivered);
        await scene.Stores.ReadStates.MoveAsync(scene.Device.UserId, new Dictionary<ChannelId, MessageId> { [scene.Channel] = new(6) }, manual: false, Now, default);
        await scene.Notices.WithdrawReadAsync(Now, default);
        Assert.Empty(await scene.ClaimAsync());
        await scene.Stores.ReadStates.MoveAsync(scene.Device.UserId, new Dictionary<ChannelId, MessageId> { [scene.Channel] = new(7) }, manual: false, Now, default);
        Assert.True(await scene.Notices.WithdrawReadAsync(Now, default) > 0);
        Assert.True(Assert.Single(await scene.ClaimAsync()).Withdrawn);
    }

    [Fact]
    public async Task A_device_that_is_gone_goes_with_all_its_notices()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.Notices.ShowAsync(new MessageKey(new ChannelId(GuildFixture.NextId()), new MessageId(5)), [scene.Device.UserId], urgent: false, Now, Forgotten, default);
        var claimed = await scene.ClaimAsync();
        Assert.Equal(2, claimed.Count);
        await scene.EndAsync(claimed[0], PushEnd.Gone);
        Assert.Empty(await scene.ClaimAsync(Now.AddDays(1)));
        Assert.Empty(await scene.Stores.Subscriptions.OfUserAsync(scene.Device.UserId, default));
    }

    [Fact]
    public async Task What_was_given_up_is_not_due_again_and_what_is_shown_stays_known()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Delivered);
        await scene.ShowAsync(8);
        await scene.EndAsync(Assert.Single(await scene.ClaimAsync()), PushEnd.Dropped);
        Assert.Empty(await scene.ClaimAsync(Now.AddDays(1)));
        await scene.WithdrawAsync(8);
        Assert.True(Assert.Single(await scene.ClaimAsync()).Withdrawn);
    }

    [Fact]
    public async Task A_login_that_ends_takes_its_devices_and_what_is_old_is_forgotten()
    {
        var scene = await NewAsync();
        await scene.ShowAsync(7);
        await scene.Stores.Accounts.Sessions.RemoveAsync(scene.Device.UserId, [scene.Device.SessionId], default);
        Assert.Empty(await scene.ClaimAsync());
        Assert.DoesNotContain(scene.Service, await scene.Notices.ServicesDueAsync(Now, default));
        var other = await NewAsync();
        await other.ShowAsync(7);
        await other.Notices.ForgetAsync(Forgotten, default);
        Assert.Empty(await other.ClaimAsync(Forgotten));
    }

    [Fact]
    public async Task Two_who_claim_at_once_get_different_ones()
    {
        var stores = await StoresAsync();
        var user = await stores.Accounts.AddAsync();
        var service = $"push{GuildFixture.NextId()}.example.org";
        for (var i = 0; i < 6; i++)
            await stores.Subscriptions.AddDeviceAsync(stores.Accounts, user, service);
        await stores.Notices.ShowAsync(new MessageKey(new ChannelId(GuildFixture.NextId()), new MessageId(1)), [user], urgent: true, Now, Forgotten, default);
        var claims = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => stores.Notices.ClaimAsync(service, Now, Lease, 4, default)));
        Assert.Equal(6, claims.Sum(c => c.Count));
        Assert.Equal(6, claims.SelectMany(c => c).Select(c => c.Device.Id).Distinct().Count());
    }

    async Task<Scene> NewAsync()
    {
        var stores = await StoresAsync();
        var service = $"push{GuildFixture.NextId()}.example.org";
        return new Scene(stores, await stores.Subscriptions.AddDeviceAsync(stores.Accounts, service: service), new ChannelId(GuildFixture.NextId()), service);
    }

    sealed record Scene(PushStores Stores, PushSubscription Device, ChannelId Channel, string Service)
    {
        public IPushNoticeStore Notices => Stores.Notices;

        public MessageKey Key(long message) => new(Channel, new MessageId(message));

        public Task ShowAsync(long message) => Notices.ShowAsync(Key(message), [Device.UserId], urgent: true, Now, Forgotten, default);

        public Task WithdrawAsync(long message) => Notices.WithdrawAsync(Device.UserId, Key(message), Now, default);

        public Task<IReadOnlyList<PushDelivery>> ClaimAsync(DateTimeOffset? now = null) => Notices.ClaimAsync(Service, now ?? Now, (now ?? Now) + (Lease - Now), 10, default);

        public Task EndAsync(PushDelivery delivery, PushEnd end, DateTimeOffset? due = null) => Notices.CompleteAsync([new PushResult(delivery, end, due)], Now, default);
    }
}

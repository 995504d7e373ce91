using Kith.Domain;
using Kith.Engine.Media;

namespace Kith.Contracts.Media;

/// <summary>What every store of attachments does.</summary>
public abstract class AttachmentStoreContract
{
    /// <summary>A collection, and so one after the other, for those who share a store: each dooms whatever nobody refers to, also what another has just released.</summary>
    public const string DoomsAll = "dooms all";

    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly UserId user = new(TestIds.Next());
    readonly ChannelId channel = new(TestIds.Next());

    protected abstract ValueTask<(IAttachmentStore Attachments, IBlobIndex Blobs)> StoresAsync();

    AttachmentRecord File(AttachmentState state = AttachmentState.Ready, string? blob = null, long size = 10) => new()
    {
        Id = new AttachmentId(TestIds.Next()), ChannelId = channel, UserId = user, State = state, Filename = "Größe 👋.png", Size = size, ContentType = "image/png", BlobKey = blob ?? NewKey(),
        Details = new FileDetails { Width = 3, Height = 4, Placeholder = "abc" }, CreatedAt = Now,
    };

    static string NewKey() => $"key-{TestIds.Next()}";

    [Fact]
    public async Task What_was_added_is_found()
    {
        var (store, _) = await StoresAsync();
        var file = File(size: 5L << 32);
        Assert.Equal(AttachmentAddition.Added, await store.AddAsync(file, 0, default));
        Assert.Equal(file, await store.FindAsync(file.Id, default));
        Assert.Null(await store.FindAsync(new AttachmentId(TestIds.Next()), default));
        Assert.Equal([file.Id], (await store.OfUserAsync(user, default, 10, default)).Select(f => f.Id));
        Assert.Empty(await store.OfUserAsync(user, file.Id, 10, default));
    }

    [Fact]
    public async Task A_quota_holds_for_all_files_of_a_user_and_is_given_back()
    {
        var (store, _) = await StoresAsync();
        var (first, second) = (File(size: 60), File(size: 41));
        Assert.Equal(AttachmentAddition.Added, await store.AddAsync(first, 100, default));
        Assert.Equal(AttachmentAddition.OverQuota, await store.AddAsync(second, 100, default));
        Assert.Null(await store.FindAsync(second.Id, default));
        await store.RemoveAsync([first.Id], Now, default);
        await store.RemoveAsync([first.Id], Now, default);
        Assert.Equal(AttachmentAddition.Added, await store.AddAsync(second, 41, default));
    }

    [Fact]
    public async Task Of_many_that_add_at_once_no_more_get_in_than_the_quota_has_room_for()
    {
        var (store, _) = await StoresAsync();
        await store.AddAsync(File(size: 10), 100, default);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.AddAsync(File(size: 10), 100, default)));
        Assert.Equal(9, outcomes.Count(o => o == AttachmentAddition.Added));
    }

    [Fact]
    public async Task A_claim_takes_all_or_none_and_only_once()
    {
        var (store, _) = await StoresAsync();
        var (ready, expected) = (File(), File(AttachmentState.Expected));
        await store.AddAsync(ready, 0, default);
        await store.AddAsync(expected, 0, default);
        Assert.Null(await store.ClaimAsync([ready.Id, expected.Id], user, channel, default));
        Assert.Null(await store.ClaimAsync([ready.Id], new UserId(1), channel, default));
        Assert.Null(await store.ClaimAsync([ready.Id], user, new ChannelId(1), default));
        Assert.Equal(ready.Id, (await store.ClaimAsync([ready.Id], user, channel, default))!.Single().Id);
        Assert.Null(await store.ClaimAsync([ready.Id], user, channel, default));
        await store.ReturnAsync([ready.Id], default);
        Assert.NotNull(await store.ClaimAsync([ready.Id], user, channel, default));
    }

    [Fact]
    public async Task What_was_expected_is_completed_once_and_counts_with_its_real_size()
    {
        var (store, blobs) = await StoresAsync();
        var expected = File(AttachmentState.Expected, size: 90) with { BlobKey = null };
        await store.AddAsync(expected, 100, default);
        var key = NewKey();
        var complete = expected with { State = AttachmentState.Ready, BlobKey = key, Size = 40, ContentType = "text/plain", Filename = "b.txt" };
        Assert.Equal(AttachmentAddition.Added, await store.CompleteAsync(complete, default));
        Assert.Equal(complete, await store.FindAsync(expected.Id, default));
        Assert.Equal(AttachmentAddition.Gone, await store.CompleteAsync(complete, default));
        Assert.Equal(AttachmentAddition.Added, await store.AddAsync(File(size: 60), 100, default));
        await store.RemoveAsync([expected.Id], Now, default);
        Assert.Contains(key, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
    }

    [Fact]
    public async Task Files_are_found_by_message_once_sent_and_no_longer_among_the_unsent()
    {
        var (store, _) = await StoresAsync();
        var file = File(AttachmentState.Claimed);
        var message = new MessageId(TestIds.Next());
        await store.AddAsync(file, 0, default);
        Assert.Contains(file.Id, (await store.UnsentAsync(Now.AddSeconds(1), 1000, default)).Select(f => f.Id));
        Assert.DoesNotContain(file.Id, (await store.UnsentAsync(Now, 1000, default)).Select(f => f.Id));
        await store.SentAsync([file.Id], message, default);
        Assert.Equal([file.Id], await store.OfMessagesAsync(channel, [message], default));
        Assert.Empty(await store.OfMessagesAsync(new ChannelId(1), [message], default));
        Assert.DoesNotContain(file.Id, (await store.UnsentAsync(Now.AddSeconds(1), 1000, default)).Select(f => f.Id));
    }

    [Fact]
    public async Task Marks_are_found_and_taken_back()
    {
        var (store, _) = await StoresAsync();
        var file = File(AttachmentState.Sent);
        await store.AddAsync(file, 0, default);
        await store.MarkAsync([file.Id], Now, default);
        Assert.Contains(file.Id, (await store.MarkedAsync(Now.AddSeconds(1), 1000, default)).Select(f => f.Id));
        await store.MarkAsync([file.Id], null, default);
        Assert.DoesNotContain(file.Id, (await store.MarkedAsync(Now.AddSeconds(1), 1000, default)).Select(f => f.Id));
        Assert.Equal([file.Id], (await store.OfChannelAsync(channel, 10, default)).Select(f => f.Id));
    }

    [Fact]
    public async Task A_blob_is_doomed_once_nothing_refers_to_it_and_takes_no_reference_until_forgotten()
    {
        var (store, blobs) = await StoresAsync();
        var key = NewKey();
        var (one, other) = (File(blob: key), File(blob: key));
        await store.AddAsync(one, 0, default);
        await store.AddAsync(other, 0, default);
        await store.RemoveAsync([one.Id], Now, default);
        Assert.DoesNotContain(key, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
        await store.RemoveAsync([other.Id], Now, default);
        Assert.DoesNotContain(key, await blobs.DoomAsync(Now, 1000, default));
        Assert.Contains(key, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
        Assert.Equal(AttachmentAddition.BlobDoomed, await store.AddAsync(File(blob: key, size: 99), 100, default));
        Assert.Contains(key, await blobs.DoomAsync(Now.AddSeconds(1), 1000, default));
        await blobs.ForgetAsync(key, default);
        Assert.Equal(AttachmentAddition.Added, await store.AddAsync(File(blob: key, size: 99), 100, default));
    }

    [Fact]
    public async Task A_reference_saves_a_blob_that_was_released()
    {
        var (store, blobs) = await StoresAsync();
        var (key, first) = (NewKey(), File());
        first = first with { BlobKey = key };
        await store.AddAsync(first, 0, default);
        await store.RemoveAsync([first.Id], Now, default);
        await store.AddAsync(File(blob: key), 0, default);
        Assert.DoesNotContain(key, await blobs.DoomAsync(Now.AddDays(1), 1000, default));
    }
}

using Kith.Domain;
using Kith.Engine.Media;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;
using TestMedia = Kith.Testing.Media;

namespace Kith.Api.Tests.Media;

/// <summary>What the daily sweep finds. No other runs beside those that the tests ask for: it would clean up, and count, before them.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    readonly ManualTimeProvider clock = new(DateTimeOffset.UtcNow);
    KithHost host = null!;

    public async ValueTask InitializeAsync() => host = await KithHost.Start(new() { Clock = clock, Services = s => s.WithoutSweep() });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    IAttachmentStore Store => host.Services.GetRequiredService<IAttachmentStore>();

    Task<SweepReport> SweepAsync() => host.Services.GetRequiredService<MediaCleaning>().SweepAsync(default);

    string[] Blobs() => Directory.Exists(Path.Combine(host.Data, "media", "blobs")) ? Directory.GetFiles(Path.Combine(host.Data, "media", "blobs"), "*", SearchOption.AllDirectories) : [];

    async Task<(TestUser User, ChannelId Channel)> ScenarioAsync()
    {
        var user = await host.Register();
        return (user, (await user.CreateGuild()).General);
    }

    [Fact]
    public async Task The_content_of_deleted_files_leaves_the_disk_after_an_hour()
    {
        var (user, channel) = await ScenarioAsync();
        var sent = await user.SendFiles(channel, TestFile.Noise("a.bin", 1000));
        Assert.Single(Blobs());
        (await user.Api.Delete($"/channels/{channel}/messages/{sent.Str("id")}")).Ok(204);
        Assert.Equal(0, (await SweepAsync()).Blobs);
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(1, (await SweepAsync()).Blobs);
        Assert.Empty(Blobs());
        (await TestMedia.Get((await user.SendFiles(channel, TestFile.Noise("a.bin", 1000))).Url())).Expect(200);
    }

    [Fact]
    public async Task An_upload_that_no_message_took_goes_after_a_day()
    {
        var (user, channel) = await ScenarioAsync();
        var sent = await user.SendFiles(channel, TestFile.Noise("kept.bin", 1000));
        var id = (await Store.OfUserAsync(user.Id, default, 1, default))[0].Id;
        var orphan = (await Store.FindAsync(id, default))! with { Id = new AttachmentId(7), State = AttachmentState.Ready, MessageId = null };
        await Store.AddAsync(orphan, 0, default);
        clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, (await SweepAsync()).Orphans);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await SweepAsync()).Orphans);
        Assert.Null(await Store.FindAsync(orphan.Id, default));
        var again = (await user.Api.Get($"/channels/{channel}/messages/{sent.Str("id")}")).Ok().Url();
        (await TestMedia.Get(again)).Expect(200);
    }

    [Fact]
    public async Task What_a_crash_left_is_settled_by_whether_the_message_exists()
    {
        var (user, channel) = await ScenarioAsync();
        await user.SendFiles(channel, TestFile.Noise("a.bin", 1000));
        var file = (await Store.OfUserAsync(user.Id, default, 1, default))[0];
        // As after a crash between a message's commit and the note, and between the mark and a deletion.
        await Store.RemoveAsync([file.Id], clock.GetUtcNow(), default);
        await Store.AddAsync(file with { State = AttachmentState.Claimed, MessageId = null }, 0, default);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await SweepAsync()).Repaired);
        Assert.Equal(file.MessageId, (await Store.FindAsync(file.Id, default))!.MessageId);
        await Store.MarkAsync([file.Id], clock.GetUtcNow(), default);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(new SweepReport(Orphans: 0, Repaired: 1, Deleted: 0, Blobs: 0, Leftovers: 0), await SweepAsync());
        Assert.Empty(await Store.MarkedAsync(clock.GetUtcNow(), 10, default));
    }

    [Fact]
    public async Task Files_of_a_deleted_channel_go_with_its_messages()
    {
        var (user, _) = await ScenarioAsync();
        var guild = await user.CreateGuild();
        var channel = await user.CreateChannel(guild.Id);
        await user.SendFiles(channel, TestFile.Noise("a.bin", 1000));
        (await user.Api.Delete($"/channels/{channel}")).Ok();
        clock.Advance(TimeSpan.FromMinutes(3));
        await Deadline.Until(() => Store.OfUserAsync(user.Id, default, 10, default), files => files.Count == 0, "the channel's files to be removed");
    }

    [Fact]
    public async Task Leftovers_of_transfers_go_after_a_day()
    {
        var incoming = host.Services.GetRequiredService<IncomingFiles>();
        await File.WriteAllTextAsync(incoming.NewPath(), "broken");
        Assert.Equal(0, (await SweepAsync()).Leftovers);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await SweepAsync()).Leftovers);
    }

    [Fact]
    public async Task It_runs_by_itself_an_hour_after_the_start()
    {
        await using var sweeping = await KithHost.Start(new() { Clock = clock });
        var incoming = sweeping.Services.GetRequiredService<IncomingFiles>();
        var path = incoming.NewPath();
        await File.WriteAllTextAsync(path, "broken");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        await Deadline.Until(() =>
        {
            // The service may not have armed its timer yet.
            clock.Advance(TimeSpan.FromMinutes(61));
            return Task.FromResult(File.Exists(path));
        }, there => !there, "the sweep to remove it");
    }
}

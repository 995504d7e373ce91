using Kith.Contracts.Accounts;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine.Preferences;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.People;

/// <summary>What every store of settings keeps.</summary>
public abstract class SettingsStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task Settings_are_nothing_until_set_and_then_read_back_whole()
    {
        var (settings, user) = await NewAsync();
        Assert.Null(await settings.FindAsync(user, default));
        var set = await settings.UpdateAsync(user, s => s with
        {
            Status = "dnd", Theme = "light", ReadReceipts = false, GuildPositions = [new GuildId(7), new GuildId(5)],
            CustomStatus = new CustomStatus { Text = "brb ☕", ExpiresAt = AccountFixture.Now },
        }, default);
        var read = (await settings.FindAsync(user, default))!;
        Assert.Equal(set.GuildPositions, read.GuildPositions);
        Assert.Equal(set, read with { GuildPositions = set.GuildPositions });
    }

    [Fact]
    public async Task Changes_at_once_all_last()
    {
        var (settings, user) = await NewAsync();
        await Task.WhenAll(
            settings.UpdateAsync(user, s => s with { Status = "idle" }, default), settings.UpdateAsync(user, s => s with { Theme = "light" }, default),
            settings.UpdateAsync(user, s => s with { FriendsOnlyDms = true }, default), settings.UpdateAsync(user, s => s with { PushPreview = false }, default));
        var read = (await settings.FindAsync(user, default))!;
        Assert.Equal(("idle", "light", true, false), (read.Status, read.Theme, read.FriendsOnlyDms, read.PushPreview));
    }

    [Fact]
    public async Task Guild_settings_are_kept_per_guild_and_their_version_grows()
    {
        var (settings, user) = await NewAsync();
        var guild = new GuildId(GuildFixture.NextId());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => settings.UpdateGuildAsync(user, guild, s => s with
        {
            ChannelOverrides = [.. s.ChannelOverrides, new ChannelOverride { ChannelId = new ChannelId(i), Muted = true }],
        }, default)));
        var privates = await settings.UpdateGuildAsync(user, null, s => s with { Muted = true, MuteConfig = new MuteConfig(AccountFixture.Now, 60) }, default);
        Assert.Equal((null, 1), (privates.GuildId, privates.Version));

        var all = await settings.GuildsOfAsync(user, default);
        Assert.Equal([null, guild], all.Select(s => s.GuildId));
        Assert.Equal(new MuteConfig(AccountFixture.Now, 60), all[0].MuteConfig);
        Assert.Equal(10, all[1].Version);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => new ChannelId(i)), all[1].ChannelOverrides.Select(o => o.ChannelId).OrderBy(id => id.Value));
        Assert.Empty(await settings.GuildsOfAsync(AccountFixture.NewUser().Id, default));
    }

    [Fact]
    public async Task Notes_are_ones_own_and_an_empty_one_is_none()
    {
        var (settings, user) = await NewAsync();
        var (one, two) = (AccountFixture.NewUser().Id, AccountFixture.NewUser().Id);
        await settings.SetNoteAsync(user, one, "first", default);
        await settings.SetNoteAsync(user, one, "second 👀", default);
        await settings.SetNoteAsync(user, two, "other", default);
        Assert.Equal("second 👀", await settings.FindNoteAsync(user, one, default));
        Assert.Equal(new Dictionary<UserId, string> { [one] = "second 👀", [two] = "other" }, await settings.NotesOfAsync(user, default));
        Assert.Null(await settings.FindNoteAsync(one, user, default));

        await settings.SetNoteAsync(user, one, "", default);
        await settings.SetNoteAsync(user, one, "", default);
        Assert.Null(await settings.FindNoteAsync(user, one, default));
        Assert.Equal([two], (await settings.NotesOfAsync(user, default)).Keys);
    }

    async Task<(ISettingsStore Settings, UserId User)> NewAsync()
    {
        var stores = await StoresAsync();
        return (stores.People.Settings, await stores.AddAsync());
    }
}

using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Engine.Tests.Push;

public sealed class NotificationRulesTests
{
    const int All = 0, Mentions = 1, Nothing = 2;

    static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    static readonly ChannelRecord Channel = new() { Id = new ChannelId(10), Type = ChannelType.GuildText, GuildId = new GuildId(1), ParentId = new ChannelId(5) };

    [Theory]
    [InlineData(All, Concern.None, true)]
    [InlineData(Mentions, Concern.None, false)]
    [InlineData(Mentions, Concern.Direct, true)]
    [InlineData(Mentions, Concern.Everyone, true)]
    [InlineData(Mentions, Concern.Role, true)]
    [InlineData(Nothing, Concern.Direct, false)]
    public void Who_has_set_nothing_gets_what_the_guild_says(int guild, Concern concern, bool wanted) =>
        Assert.Equal(wanted, NotificationRules.Wants(null, Channel, guild, concern, Now));

    [Fact]
    public void The_nearest_level_counts()
    {
        var settings = new UserGuildSettings { MessageNotifications = Nothing };
        Assert.False(Wants(settings, Concern.Direct));
        settings = settings with { ChannelOverrides = [new ChannelOverride { ChannelId = Channel.ParentId!.Value, MessageNotifications = Mentions }] };
        Assert.True(Wants(settings, Concern.Direct));
        Assert.False(Wants(settings, Concern.None));
        settings = settings with { ChannelOverrides = [.. settings.ChannelOverrides, new ChannelOverride { ChannelId = Channel.Id, MessageNotifications = All }] };
        Assert.True(Wants(settings, Concern.None));
    }

    [Fact]
    public void Muted_is_muted_mention_or_not_until_its_time_is_over()
    {
        Assert.False(Wants(new() { Muted = true }, Concern.Direct));
        Assert.False(Wants(new() { Muted = true, MuteConfig = new MuteConfig(Now.AddSeconds(1)) }, Concern.Direct));
        Assert.True(Wants(new() { Muted = true, MuteConfig = new MuteConfig(Now) }, Concern.Direct));
        foreach (var muted in new[] { Channel.Id, Channel.ParentId!.Value })
            Assert.False(Wants(new() { ChannelOverrides = [new ChannelOverride { ChannelId = muted, Muted = true }] }, Concern.Direct));
        Assert.True(Wants(new() { ChannelOverrides = [new ChannelOverride { ChannelId = new ChannelId(99), Muted = true }] }, Concern.Direct));
    }

    [Fact]
    public void Suppressed_mentions_are_none()
    {
        var settings = new UserGuildSettings { MessageNotifications = Mentions, SuppressEveryone = true };
        Assert.False(Wants(settings, Concern.Everyone));
        Assert.True(Wants(settings, Concern.Role));
        settings = settings with { SuppressRoles = true };
        Assert.False(Wants(settings, Concern.Role | Concern.Everyone));
        Assert.True(Wants(settings, Concern.Direct | Concern.Everyone));
    }

    [Theory]
    [InlineData("22:00", "07:00", null, "2026-03-02T21:30:00Z", true)]
    [InlineData("22:00", "07:00", null, "2026-03-02T20:59:00Z", false)]
    [InlineData("22:00", "07:00", null, "2026-03-03T05:59:00Z", true)]
    [InlineData("22:00", "07:00", null, "2026-03-03T06:00:00Z", false)]
    [InlineData("12:00", "13:00", null, "2026-03-02T11:30:00Z", true)]
    [InlineData("12:00", "13:00", new[] { 0 }, "2026-03-02T11:30:00Z", false)]
    [InlineData("22:00", "07:00", new[] { 1 }, "2026-03-03T05:00:00Z", true)]
    [InlineData("22:00", "07:00", new[] { 1 }, "2026-03-02T05:00:00Z", false)]
    [InlineData("00:00", "00:00", new[] { 1 }, "2026-03-02T17:00:00Z", true)]
    [InlineData("00:00", "00:00", new[] { 1 }, "2026-03-03T17:00:00Z", false)]
    [InlineData("22:00", "07:00", null, "2026-07-02T20:30:00Z", true)]
    public void Quiet_hours_are_those_of_the_users_clock(string start, string end, int[]? days, string now, bool quiet) =>
        Assert.Equal(quiet, NotificationRules.IsQuiet(new UserSettings { QuietHours = new QuietHours("Europe/Berlin", start, end, days) }, DateTimeOffset.Parse(now)));

    static bool Wants(UserGuildSettings settings, Concern concern) => NotificationRules.Wants(settings, Channel, All, concern, Now);
}

using Kith.Domain;
using Kith.Engine.Presence;

namespace Kith.Engine.Tests.Presence;

public sealed class VisiblePresenceTests
{
    [Theory]
    [InlineData("offline")]
    [InlineData("offline", PresenceStatus.Invisible)]
    [InlineData("idle", PresenceStatus.Idle, PresenceStatus.Invisible)]
    [InlineData("online", PresenceStatus.Idle, PresenceStatus.Online)]
    [InlineData("dnd", PresenceStatus.Online, PresenceStatus.Dnd, PresenceStatus.Idle)]
    public void The_most_present_session_speaks_for_all(string expected, params PresenceStatus[] sessions) =>
        Assert.Equal(expected, VisiblePresence.Of([.. sessions.Select(s => SessionPresence.Of(s, ClientKind.Web))]).ToWire(new UserId(1)).Status);

    [Fact]
    public void Equal_activities_of_two_sessions_are_told_once()
    {
        var chess = "[{\"name\":\"Chess\"}]"u8.ToArray();
        var presence = VisiblePresence.Of([
            SessionPresence.Of(PresenceStatus.Online, ClientKind.Web, chess), SessionPresence.Of(PresenceStatus.Idle, ClientKind.Mobile, [.. chess]),
            SessionPresence.Of(PresenceStatus.Invisible, ClientKind.Desktop, "[{\"name\":\"Secret\"}]"u8.ToArray())]);
        Assert.Equal(["Chess"], presence.ToWire(new UserId(1)).Activities.Select(a => a.GetProperty("name").GetString()!));
        Assert.Equal(new Dictionary<string, string> { ["web"] = "online", ["mobile"] = "idle" }, presence.ToWire(new UserId(1)).ClientStatus);
    }

    [Fact]
    public void What_looks_the_same_is_equal()
    {
        var one = VisiblePresence.Of([SessionPresence.Of(PresenceStatus.Online, ClientKind.Web, "[{\"name\":\"a\"}]"u8.ToArray())]);
        var same = VisiblePresence.Of([SessionPresence.Of(PresenceStatus.Online, ClientKind.Web, "[{\"name\":\"a\"}]"u8.ToArray()), SessionPresence.Of(PresenceStatus.Idle, ClientKind.Web)]);
        var other = VisiblePresence.Of([SessionPresence.Of(PresenceStatus.Online, ClientKind.Web, "[{\"name\":\"b\"}]"u8.ToArray())]);
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("linux", "discord.js", ClientKind.Web)]
    [InlineData("Windows", "Discord Client", ClientKind.Desktop)]
    [InlineData("Android", "Discord Android", ClientKind.Mobile)]
    [InlineData("iOS", "Discord iOS", ClientKind.Mobile)]
    [InlineData("Linux", "Firefox", ClientKind.Web)]
    [InlineData(null, null, ClientKind.Web)]
    public void A_client_is_known_by_its_properties(string? os, string? browser, ClientKind kind) => Assert.Equal(kind, PresenceNames.KindOf(os, browser));
}

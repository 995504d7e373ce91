using Kith.Engine.Import.Irc;

namespace Kith.Server.Tests.Import;

public sealed class IrcLineParserTests
{
    [Theory]
    [InlineData("[09:14] <crimsun> kleedrac: I'm afraid not.", 554, "crimsun", "kleedrac: I'm afraid not.")]
    [InlineData("[23:59] <|QuaD-> totem xine", 1439, "|QuaD-", "totem xine")]
    [InlineData("[06:03] <bur[n] er> anyone?", 363, "bur[n]er", "anyone?")]
    [InlineData("[07:15] <[optik] > hola", 435, "[optik]", "hola")]
    [InlineData("[09:43] <drcode>", 583, "drcode", "")]
    [InlineData("[00:00] <a>   spaces  ", 0, "a", "spaces")]
    public void A_message_has_time_nick_and_text(string line, int minute, string nick, string text) =>
        Assert.Equal(new IrcLine.Said(nick, text) { Minute = minute }, IrcLineParser.Parse(line));

    [Theory]
    [InlineData("[13:56]  * genii sips a coffee", 836, "genii", "sips a coffee")]
    [InlineData("[11:27]  * TheHawk", 687, "TheHawk", "")]
    [InlineData(" * nick action", null, "nick", "action")]
    public void An_action_has_a_star(string line, int? minute, string nick, string text) =>
        Assert.Equal(new IrcLine.Acted(nick, text) { Minute = minute }, IrcLineParser.Parse(line));

    [Theory]
    [InlineData("=== dziegler is now known as dziegler_off", "dziegler", "dziegler_off")]
    [InlineData("=== bob[1]  is now known as camerong", "bob[1]", "camerong")]
    [InlineData("=== [JAPS] ph1L is now known as ph1L", "[JAPS]ph1L", "ph1L")]
    public void A_change_of_nick_has_both(string line, string from, string to) => Assert.Equal(new IrcLine.Renamed(from, to), IrcLineParser.Parse(line));

    [Theory]
    [InlineData("=== L0sT [~waa3@raptor.ukc.ac.uk]  has joined #ubuntu", "L0sT", "#ubuntu")]
    [InlineData("=== bhaal [i=bhaal@freenode/staff/bhaal]  has left #ubuntu [\"Leaving\"]", "bhaal", "#ubuntu")]
    [InlineData("=== [JAPS] ph1L [i=4397plas@cm56-197-47.liwest.at]  has joined #ubuntu", "[JAPS]ph1L", "#ubuntu")]
    [InlineData("=== zcat[1] _ [n=zcat@60-234-226-80.bitstream.orcon.net.nz]  has joined #ubuntu", "zcat[1]_", "#ubuntu")]
    [InlineData("=== [linner]  [n=linner@71.243.221.228]  has joined #ubuntu", "[linner]", "#ubuntu")]
    [InlineData("=== toxicfume [[H] -669593@58.10.65.120]  has joined #ubuntu", "toxicfume", "#ubuntu")]
    [InlineData("=== nick has joined #other-channel", "nick", "#other-channel")]
    [InlineData("=== nick has left", "nick", null)]
    public void Coming_and_going_have_a_nick(string line, string nick, string? channel) => Assert.Equal(new IrcLine.Passed(nick, channel), IrcLineParser.Parse(line));

    [Theory]
    [InlineData("=== ..[topic/#ubuntu:Seveas] : Happy Dapper Day Everyone!  Upgrading?", "Seveas", "Happy Dapper Day Everyone!  Upgrading?")]
    [InlineData("=== seb changed the topic of #ubuntu to: Be kind", "seb", "Be kind")]
    [InlineData("=== seb changes topic to \"Be kind\"", "seb", "Be kind")]
    public void A_topic_has_a_setter(string line, string nick, string topic) => Assert.Equal(new IrcLine.TopicSet(nick, topic), IrcLineParser.Parse(line));

    [Theory]
    [InlineData("=== mode/#ubuntu [+o Amaranth]  by ChanServ")]
    [InlineData("=== netjoined: irc.freenode.net -> kornbluth.freenode.net")]
    [InlineData("=== ubuntu_ was kicked off #ubuntu by Amaranth (Amaranth)")]
    [InlineData("=== Starting logfile irclogs/ubuntu.log")]
    public void What_servers_say_is_a_notice(string line) => Assert.IsType<IrcLine.Notice>(IrcLineParser.Parse(line));

    [Fact]
    public void What_else_follows_three_equals_signs_may_be_an_action_by_any_nick_it_begins_with() => Assert.Equal(
        [("bur[n]er", "wonders if"), ("bur[n]", "er wonders if")], Assert.IsType<IrcLine.Perhaps>(IrcLineParser.Parse("=== bur[n] er wonders if")).Actions);

    [Theory]
    [InlineData("hello", "is no line of an IRC log")]
    [InlineData("[9:14] <a> b", "is no line of an IRC log")]
    [InlineData("[24:00] <a> b", "has the time 24:00")]
    [InlineData("[12:60] <a> b", "has the time 12:60")]
    [InlineData("[1 :-1] <a> b", "has the time 1 :-1")]
    [InlineData("[12:30] a: b", "has no <nick>")]
    [InlineData("[12:30] <a b", "has no <nick>")]
    [InlineData("[12:30] <> b", "has the nick <>")]
    [InlineData("[12:30] <two words> b", "has the nick <two words>")]
    [InlineData("[12:30]  * ", "has an action without a nick")]
    [InlineData("[12:30] ", "has no <nick>")]
    public void A_malformed_line_says_what_is_wrong(string line, string why) => Assert.Equal(why, Assert.IsType<IrcLine.Malformed>(IrcLineParser.Parse(line)).Why);
}

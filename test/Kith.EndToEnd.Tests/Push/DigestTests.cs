using System.Text.RegularExpressions;
using Kith.Domain;
using Kith.Engine.Push;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Push;

public sealed partial class DigestTests : IAsyncLifetime
{
    readonly ManualTimeProvider clock = new(DateTimeOffset.UtcNow);
    readonly MailServer mail = new();
    PushScene scene = null!;

    public async ValueTask InitializeAsync() => scene = await PushScene.Start(
        o => o with
        {
            PublicUrl = "https://chat.example.org/",
            Mail = new MailOptions { Host = "127.0.0.1", Port = mail.Port, Tls = false, From = "Our Chat <kith@example.org>", User = "" },
        }, clock);

    public async ValueTask DisposeAsync()
    {
        await scene.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_away_for_long_gets_one_mail_of_what_was_missed()
    {
        var user = await WithAddress("ada@example.org");
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(user.Id);
        await friend.Send(dm, "one");
        await friend.Send(dm, "two");
        await Settled();
        clock.Advance(TimeSpan.FromHours(11));
        Assert.Empty(mail.Mails);
        var sent = await NextMail(1);
        Assert.Equal(("kith@example.org", "ada@example.org"), (sent.From, sent.To));
        Assert.Equal("2 unread messages and mentions", sent.Headers["Subject"]);
        Assert.Contains($"- {friend.Name}: 2\n  https://chat.example.org/channels/@me/{dm}", sent.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", sent.Headers["List-Unsubscribe-Post"]);

        // Once per absence.
        await friend.Send(dm, "three");
        await Settled();
        clock.Advance(TimeSpan.FromHours(13));
        var other = await WithAddress("bob@example.org");
        await friend.Send(await friend.OpenDm(other.Id), "and you?");
        await Settled();
        Assert.Equal("bob@example.org", (await NextMail(2)).To);
    }

    [Fact]
    public async Task The_link_in_a_mail_ends_them_after_a_question()
    {
        var user = await WithAddress("eve@example.org");
        var friend = await scene.Host.Register();
        await friend.Send(await friend.OpenDm(user.Id), "hello");
        await Settled();
        var sent = await NextMail(1);
        var link = new Uri(Link.Match(sent.Headers["List-Unsubscribe"]).Groups[1].Value);
        Assert.Contains(link.ToString(), sent.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = scene.Host.Address };
        Assert.Contains("<button>", await http.GetStringAsync(link.PathAndQuery), StringComparison.Ordinal);
        Assert.True((await user.Api.Get("/users/@me/settings")).Ok().Bool("email_digest"));
        using var forged = await http.PostAsync(link.PathAndQuery.Replace($"{user.Id}", $"{friend.Id}", StringComparison.Ordinal), null);
        Assert.Equal(400, (int)forged.StatusCode);
        using var ended = await http.PostAsync(link.PathAndQuery, null);
        Assert.Equal(200, (int)ended.StatusCode);
        Assert.False((await user.Api.Get("/users/@me/settings")).Ok().Bool("email_digest"));
    }

    [Fact]
    public async Task Who_has_read_it_meanwhile_gets_none_and_an_address_that_does_not_exist_is_tried_once()
    {
        var (reader, lost) = (await WithAddress("reader@example.org"), await WithAddress("lost@example.org"));
        var friend = await scene.Host.Register();
        var dm = await friend.OpenDm(reader.Id);
        var message = (await friend.Send(dm, "hello")).Id<MessageId>();
        await friend.Send(await friend.OpenDm(lost.Id), "hello");
        await Settled();
        await reader.Ack(dm, message);
        mail.Refusal = "550 5.1.1 No such user";
        clock.Advance(TimeSpan.FromHours(13));
        await Deadline.Until(() => Task.FromResult(mail.Refused), refused => refused == 1, "the mail to be refused");
        mail.Refusal = null;
        var last = await WithAddress("last@example.org");
        await friend.Send(await friend.OpenDm(last.Id), "hello");
        await Settled();
        Assert.Equal("last@example.org", (await NextMail(1)).To);
    }

    /// <summary>The mail of this number, as time goes on.</summary>
    async Task<ReceivedMail> NextMail(int number)
    {
        clock.Advance(TimeSpan.FromHours(12));
        await Deadline.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                return Task.FromResult(mail.Mails.Count);
            }, count => count >= number, "a mail");
        Assert.Equal(number, mail.Mails.Count);
        return mail.Mails[^1];
    }

    async Task<TestUser> WithAddress(string address)
    {
        var user = await scene.Host.Register();
        (await user.Api.Patch("/users/@me", new { email = address, password = TestUser.Password })).Ok();
        return user;
    }

    /// <summary>What was said so far has been handled: a push of what was said last has come.</summary>
    async Task Settled()
    {
        var (user, device) = await scene.Away();
        var teller = await scene.Host.Register();
        await teller.Send(await teller.OpenDm(user.Id), "settled?");
        await device.Wait(1);
    }

    [GeneratedRegex("<(.+)>")]
    private static partial Regex Link { get; }
}

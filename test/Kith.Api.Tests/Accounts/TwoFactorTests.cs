using Kith.Engine.Accounts;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Accounts;

public sealed class TwoFactorTests : IAsyncLifetime
{
    // A clock of its own: a code is taken once, so tests that use several must not wait half a minute for the next.
    readonly ManualTimeProvider clock = new(DateTimeOffset.UtcNow);
    KithHost host = null!;

    public async ValueTask InitializeAsync() => host = await KithHost.Start(new KithHostSetup { Clock = clock });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Once_on_a_login_needs_the_code_as_well()
    {
        var user = await host.Register();
        var (secret, _) = await Enable(user);
        Assert.True((await user.Api.Get("/users/@me")).Ok().Bool("mfa_enabled"));

        var first = (await LogIn(user)).Ok(200);
        Assert.True(first.Bool("mfa"));
        Assert.Null(first.Str("token"));
        var ticket = first.Str("ticket")!;
        (await Confirm(ticket, "000000")).Refused(ErrorCode.InvalidTwoFactorCode);
        var token = (await Confirm(ticket, Code(secret))).Ok(200).Str("token")!;
        (await host.As(token).Get("/users/@me")).Ok();
    }

    [Fact]
    public async Task No_code_is_taken_twice_not_even_at_once()
    {
        var user = await host.Register();
        var (secret, _) = await Enable(user);
        // The code that turned it on is used up too.
        var ticket = (await LogIn(user)).Ok().Str("ticket")!;
        (await Confirm(ticket, Code(secret, advance: false))).Refused(ErrorCode.InvalidTwoFactorCode);

        var code = Code(secret);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Confirm(ticket, code)));
        Assert.Single(replies, r => r.Status == 200);
    }

    [Fact]
    public async Task A_recovery_code_works_once_with_or_without_its_dash()
    {
        var user = await host.Register();
        var (_, codes) = await Enable(user);
        Assert.Equal(10, codes.Distinct().Count());

        var ticket = (await LogIn(user)).Ok().Str("ticket")!;
        (await Confirm(ticket, codes[0].ToUpperInvariant())).Ok(200);
        (await Confirm(ticket, codes[0])).Refused(ErrorCode.InvalidTwoFactorCode);
        (await Confirm(ticket, codes[1].Replace("-", "", StringComparison.Ordinal))).Ok(200);

        var list = (await user.Api.Post("/users/@me/mfa/codes", new { password = TestUser.Password })).Ok().Items("backup_codes");
        Assert.Equal([true, true, .. Enumerable.Repeat(false, 8)], list.Select(c => c.Bool("consumed")));
        Assert.All(list, c => Assert.Null(c.Str("code")));
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var user = await host.Register();
        var (_, old) = await Enable(user);
        Assert.Equal("PASSWORD_DOES_NOT_MATCH", (await user.Api.Post("/users/@me/mfa/codes", new { password = "not this one", regenerate = true })).RefusedField("password"));
        var fresh = (await user.Api.Post("/users/@me/mfa/codes", new { password = TestUser.Password, regenerate = true })).Ok().Items("backup_codes");
        var ticket = (await LogIn(user)).Ok().Str("ticket")!;
        (await Confirm(ticket, old[3])).Refused(ErrorCode.InvalidTwoFactorCode);
        (await Confirm(ticket, fresh[3].Str("code")!)).Ok(200);
    }

    [Fact]
    public async Task A_ticket_ends_by_time_by_change_of_password_and_is_not_forged()
    {
        var user = await host.Register();
        var (secret, _) = await Enable(user);
        var ticket = (await LogIn(user)).Ok().Str("ticket")!;
        Assert.Equal("MFA_TICKET_INVALID", (await Confirm(ticket + "x", Code(secret))).RefusedField("ticket"));
        Assert.Equal("MFA_TICKET_INVALID", (await Confirm(user.Token, Code(secret))).RefusedField("ticket"));
        Assert.Equal("MFA_TICKET_INVALID", (await Confirm("", Code(secret))).RefusedField("ticket"));

        // A ticket is no token.
        (await host.As(ticket).Get("/users/@me")).Refused(ErrorCode.Unauthorized);

        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("MFA_TICKET_INVALID", (await Confirm(ticket, Code(secret))).RefusedField("ticket"));

        var second = (await LogIn(user)).Ok().Str("ticket")!;
        (await user.Api.Patch("/users/@me", new { password = TestUser.Password, new_password = "another long one" })).Ok();
        Assert.Equal("MFA_TICKET_INVALID", (await Confirm(second, Code(secret))).RefusedField("ticket"));
    }

    [Fact]
    public async Task Turning_it_on_needs_password_and_code_and_ends_the_other_logins()
    {
        var user = await host.Register();
        var other = host.As((await LogIn(user)).Ok().Str("token")!);
        var offer = (await user.Api.Post("/users/@me/mfa/totp/enable")).Ok(200);
        var secret = offer.Str("secret")!;
        Assert.StartsWith($"otpauth://totp/Kith:{user.Name}?secret={secret}", offer.Str("otpauth_url"), StringComparison.Ordinal);

        const string path = "/users/@me/mfa/totp/enable";
        Assert.Equal("PASSWORD_DOES_NOT_MATCH", (await user.Api.Post(path, new { secret, code = Code(secret), password = "not this one" })).RefusedField("password"));
        (await user.Api.Post(path, new { secret, code = "123456", password = TestUser.Password })).Refused(ErrorCode.InvalidTwoFactorCode);
        Assert.Equal("MFA_SECRET_INVALID", (await user.Api.Post(path, new { secret = "AAAA", code = "123456", password = TestUser.Password })).RefusedField("secret"));
        Assert.False((await user.Api.Get("/users/@me")).Ok().Bool("mfa_enabled"));
        (await other.Get("/users/@me")).Ok();

        var enabled = (await user.Api.Post(path, new { secret, code = Code(secret), password = TestUser.Password })).Ok(200);
        (await host.As(enabled.Str("token")!).Get("/users/@me")).Ok();
        (await other.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await user.Api.Post(path, new { secret, code = Code(secret), password = TestUser.Password })).Refused(ErrorCode.TwoFactorEnrolled);
    }

    [Fact]
    public async Task It_is_turned_off_by_code_or_by_password()
    {
        foreach (var byCode in (bool[])[true, false])
        {
            var user = await host.Register();
            (await user.Api.Post("/users/@me/mfa/totp/disable", new { password = TestUser.Password })).Refused(ErrorCode.TwoFactorNotEnrolled);
            var (secret, codes) = await Enable(user);
            (await user.Api.Post("/users/@me/mfa/totp/disable", new { code = "000000" })).Refused(ErrorCode.InvalidTwoFactorCode);
            (await user.Api.Post("/users/@me/mfa/totp/disable", new { })).RefusedField("password");
            object proof = byCode ? new { code = Code(secret) } : new { password = TestUser.Password };
            var token = (await user.Api.Post("/users/@me/mfa/totp/disable", proof)).Ok(200).Str("token")!;
            Assert.False((await host.As(token).Get("/users/@me")).Ok().Bool("mfa_enabled"));
            Assert.NotNull((await LogIn(user)).Ok(200).Str("token"));
            (await user.Api.Post("/users/@me/mfa/codes", new { password = TestUser.Password })).Refused(ErrorCode.TwoFactorNotEnrolled);
            Assert.Equal(10, codes.Count);
        }
    }

    [Fact]
    public async Task Codes_cannot_be_guessed_at_will()
    {
        var user = await host.Register();
        var (secret, _) = await Enable(user);
        var ticket = (await LogIn(user)).Ok().Str("ticket")!;
        for (var i = 0; i < LoginAttempts.PerAccount; i++)
            (await Confirm(ticket, $"{i:D6}")).Refused(ErrorCode.InvalidTwoFactorCode);
        Assert.Equal(429, (await Confirm(ticket, Code(secret))).Status);
    }

    async Task<(string Secret, IReadOnlyList<string> Codes)> Enable(TestUser user)
    {
        var secret = (await user.Api.Post("/users/@me/mfa/totp/enable")).Ok().Str("secret")!;
        var reply = (await user.Api.Post("/users/@me/mfa/totp/enable", new { secret, code = Code(secret), password = TestUser.Password })).Ok();
        return (secret, [.. reply.Items("backup_codes").Select(c => c.Str("code")!)]);
    }

    /// <summary>A code that was not used yet: time goes on by a step first.</summary>
    string Code(string secret, bool advance = true)
    {
        if (advance) clock.Advance(TimeSpan.FromSeconds(30));
        Base32.TryDecode(secret, out var key);
        return Totp.CodeAt(key, Totp.StepAt(clock.GetUtcNow()));
    }

    Task<ApiReply> LogIn(TestUser user) => host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password });

    Task<ApiReply> Confirm(string ticket, string code) => host.Anonymous().Post("/auth/mfa/totp", new { ticket, code });
}

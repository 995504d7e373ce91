using Kith.Domain;
using Kith.Engine.Accounts;
using Xunit;
using static Kith.Contracts.Accounts.AccountFixture;

namespace Kith.Contracts.Accounts;

/// <summary>What every store of credentials keeps.</summary>
public abstract class CredentialStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    /// <summary>A store with nothing in it.</summary>
    protected abstract ValueTask<AccountStores> EmptyStoresAsync();

    [Fact]
    public async Task Credentials_are_found_by_name_and_by_address_whatever_the_case()
    {
        var stores = await StoresAsync();
        var user = NewUser(email: $"{NewName()}@Example.ORG");
        await stores.Credentials.CreateAsync(new NewAccount(user, "hash"), Now, default);
        var expected = new CredentialsRecord { UserId = user.Id, PasswordHash = "hash" };
        Assert.Equal(expected, await stores.Credentials.FindAsync(user.Id, default));
        Assert.Equal(expected, await stores.Credentials.FindByLoginAsync(user.Username.ToUpperInvariant(), default));
        Assert.Equal(expected, await stores.Credentials.FindByLoginAsync(user.Email!.ToLowerInvariant(), default));
        Assert.Null(await stores.Credentials.FindByLoginAsync("nobody.at.all", default));
        Assert.Null(await stores.Credentials.FindByLoginAsync("nobody@example.org", default));
    }

    [Fact]
    public async Task Of_accounts_at_once_with_one_name_or_address_one_is_made()
    {
        var stores = await StoresAsync();
        var name = NewName();
        var named = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stores.Credentials.CreateAsync(new NewAccount(NewUser(name), "hash"), Now, default)));
        Assert.Single(named, s => s.User is not null);
        Assert.Equal(19, named.Count(s => s == new UserSaved(UserConflict.NameTaken, null)));

        var email = $"{NewName()}@example.org";
        var addressed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stores.Credentials.CreateAsync(new NewAccount(NewUser(email: email), "hash"), Now, default)));
        Assert.Single(addressed, s => s.User is not null);
        Assert.Equal(19, addressed.Count(s => s == new UserSaved(UserConflict.EmailTaken, null)));
    }

    [Fact]
    public async Task Of_first_accounts_at_once_one_is_admin()
    {
        var stores = await EmptyStoresAsync();
        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stores.Credentials.CreateAsync(new NewAccount(NewUser(), "hash"), Now, default)));
        var admin = Assert.Single(saved, s => s.User!.Admin).User!;
        Assert.True((await stores.Users.FindAsync(admin.Id, default))!.Admin);
        foreach (var other in saved.Where(s => s.User!.Id != admin.Id))
            Assert.False((await stores.Users.FindAsync(other.User!.Id, default))!.Admin);
    }

    [Fact]
    public async Task Of_many_those_with_a_free_name_are_made_in_the_order_given()
    {
        var stores = await StoresAsync();
        var taken = await stores.AddUserAsync();
        var users = new[] { NewUser(), NewUser(taken.Username), NewUser() };
        var saved = await stores.Credentials.CreateManyAsync([.. users.Select(u => new NewAccount(u, null))], default);
        Assert.Equal([users[0].Id, null, users[2].Id], saved.Select(s => s.User?.Id));
        Assert.Equal(UserConflict.NameTaken, saved[1].Conflict);
        Assert.Null((await stores.Credentials.FindAsync(users[2].Id, default))!.PasswordHash);
    }

    [Fact]
    public async Task A_password_is_changed_only_from_the_one_that_was_checked()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync("old");
        Assert.False(await stores.Credentials.SetPasswordAsync(user, "other", "new", default));
        var changes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => stores.Credentials.SetPasswordAsync(user, "old", $"new{i}", default)));
        Assert.Single(changes, done => done);
        Assert.Equal($"new{Array.IndexOf(changes, true)}", (await stores.Credentials.FindAsync(user, default))!.PasswordHash);

        var without = await stores.AddAsync(passwordHash: null);
        Assert.True(await stores.Credentials.SetPasswordAsync(without, null, "first", default));
    }

    [Fact]
    public async Task Two_factor_login_goes_on_once_marks_the_user_and_off_without_a_trace()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync();
        var turned = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => stores.Credentials.EnableTotpAsync(user, $"SECRET{i}", 100, [$"a{i}", $"b{i}"], default)));
        var winner = Array.IndexOf(turned, Assert.Single(turned, done => done));
        var on = (await stores.Credentials.FindAsync(user, default))!;
        Assert.Equal(($"SECRET{winner}", 100), (on.TotpSecret, on.TotpStep));
        Assert.True((await stores.Users.FindAsync(user, default))!.MfaEnabled);
        Assert.Equal([new RecoveryCode($"a{winner}", false), new RecoveryCode($"b{winner}", false)], await stores.Credentials.RecoveryCodesAsync(user, default));

        Assert.True(await stores.Credentials.DisableTotpAsync(user, default));
        Assert.False(await stores.Credentials.DisableTotpAsync(user, default));
        Assert.Null((await stores.Credentials.FindAsync(user, default))!.TotpSecret);
        Assert.False((await stores.Users.FindAsync(user, default))!.MfaEnabled);
        Assert.Empty(await stores.Credentials.RecoveryCodesAsync(user, default));
    }

    [Fact]
    public async Task A_time_step_is_used_once_and_no_older_one_after_it()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync();
        await stores.Credentials.EnableTotpAsync(user, "SECRET", 100, [], default);
        Assert.False(await stores.Credentials.UseTotpStepAsync(user, 100, default));
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => stores.Credentials.UseTotpStepAsync(user, 102, default))), used => used);
        Assert.False(await stores.Credentials.UseTotpStepAsync(user, 101, default));
        Assert.True(await stores.Credentials.UseTotpStepAsync(user, 103, default));
    }

    [Fact]
    public async Task A_recovery_code_is_used_once_and_new_ones_replace_all()
    {
        var stores = await StoresAsync();
        var (user, other) = (await stores.AddAsync(), await stores.AddAsync());
        await stores.Credentials.ReplaceRecoveryCodesAsync(user, ["c", "a", "b"], default);
        await stores.Credentials.ReplaceRecoveryCodesAsync(other, ["a"], default);
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => stores.Credentials.UseRecoveryCodeAsync(user, "a", default))), used => used);
        Assert.False(await stores.Credentials.UseRecoveryCodeAsync(user, "unknown", default));
        Assert.Equal([new("c", false), new("a", true), new("b", false)], await stores.Credentials.RecoveryCodesAsync(user, default));
        Assert.False(Assert.Single(await stores.Credentials.RecoveryCodesAsync(other, default)).Consumed);

        await stores.Credentials.ReplaceRecoveryCodesAsync(user, ["d"], default);
        Assert.Equal([new("d", false)], await stores.Credentials.RecoveryCodesAsync(user, default));
    }

    [Fact]
    public async Task A_registration_code_is_used_as_often_as_it_may_be_also_at_once()
    {
        var stores = await StoresAsync();
        var code = new RegistrationCode { Code = NewName(), CreatedBy = new UserId(1), CreatedAt = Now, ExpiresAt = Now.AddDays(1), UsesLeft = 3 };
        await stores.Codes.AddAsync(code, default);
        Assert.Equal(code, Assert.Single(await stores.Codes.ListAsync(default), c => c.Code == code.Code));

        var saved = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => stores.Credentials.CreateAsync(new NewAccount(NewUser(), "hash", code.Code), Now, default)));
        Assert.Equal(3, saved.Count(s => s.User is not null));
        Assert.Equal(7, saved.Count(s => s.Conflict == UserConflict.CodeInvalid));
        Assert.Equal(0, Assert.Single(await stores.Codes.ListAsync(default), c => c.Code == code.Code).UsesLeft);
        Assert.True(await stores.Codes.RemoveAsync(code.Code, default));
        Assert.False(await stores.Codes.RemoveAsync(code.Code, default));
    }

    [Fact]
    public async Task An_expired_or_unknown_code_makes_no_account_and_a_taken_name_uses_none()
    {
        var stores = await StoresAsync();
        var taken = await stores.AddUserAsync();
        var code = new RegistrationCode { Code = NewName(), CreatedBy = new UserId(1), CreatedAt = Now, ExpiresAt = Now.AddDays(1), UsesLeft = 1 };
        await stores.Codes.AddAsync(code, default);

        var user = NewUser();
        Assert.Equal(UserConflict.CodeInvalid, (await stores.Credentials.CreateAsync(new NewAccount(user, "hash", code.Code), Now.AddDays(1), default)).Conflict);
        Assert.Equal(UserConflict.CodeInvalid, (await stores.Credentials.CreateAsync(new NewAccount(user, "hash", "unknown"), Now, default)).Conflict);
        Assert.Null(await stores.Users.FindAsync(user.Id, default));
        Assert.Equal(UserConflict.NameTaken, (await stores.Credentials.CreateAsync(new NewAccount(NewUser(taken.Username), "hash", code.Code), Now, default)).Conflict);
        Assert.NotNull((await stores.Credentials.CreateAsync(new NewAccount(user, "hash", code.Code), Now, default)).User);
    }
}

/// <summary>What every store of logins keeps.</summary>
public abstract class AuthSessionStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task Sessions_are_read_back_whole_and_listed_newest_first()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync();
        var sessions = new[] { Session(user), Session(user), Session(user) };
        await stores.Sessions.AddAsync(sessions, default);
        Assert.Equal(sessions[1], await stores.Sessions.FindAsync(sessions[1].Id, default));
        Assert.Equal(sessions.Reverse(), await stores.Sessions.OfUserAsync(user, default));
        Assert.Null(await stores.Sessions.FindAsync(new AuthSessionId(1), default));
    }

    [Fact]
    public async Task Only_a_users_own_sessions_are_removed_and_once()
    {
        var stores = await StoresAsync();
        var (user, other) = (await stores.AddAsync(), await stores.AddAsync());
        var (mine, kept, theirs) = (Session(user), Session(user), Session(other));
        await stores.Sessions.AddAsync([mine, kept, theirs], default);
        Assert.Equal([mine.Id], await stores.Sessions.RemoveAsync(user, [mine.Id, theirs.Id, new AuthSessionId(1)], default));
        Assert.Empty(await stores.Sessions.RemoveAsync(user, [mine.Id], default));
        Assert.Empty(await stores.Sessions.RemoveAsync(user, [], default));
        Assert.Equal([kept], await stores.Sessions.OfUserAsync(user, default));
        Assert.NotNull(await stores.Sessions.FindAsync(theirs.Id, default));
    }

    [Fact]
    public async Task A_session_is_added_only_while_the_password_is_the_one_that_was_checked()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync("old");
        Assert.True(await stores.Sessions.AddAsync(Session(user), "old", default));
        await stores.Credentials.SetPasswordAsync(user, "old", "new", default);
        Assert.False(await stores.Sessions.AddAsync(Session(user), "old", default));
        Assert.Single(await stores.Sessions.OfUserAsync(user, default));
    }

    [Fact]
    public async Task Last_uses_are_noted_and_bring_no_ended_session_back()
    {
        var stores = await StoresAsync();
        var user = await stores.AddAsync();
        var (live, ended) = (Session(user), Session(user));
        await stores.Sessions.AddAsync([live], default);
        await stores.Sessions.TouchAsync(new Dictionary<AuthSessionId, DateTimeOffset> { [live.Id] = Now.AddDays(2), [ended.Id] = Now }, default);
        Assert.Equal(Now.AddDays(2), (await stores.Sessions.FindAsync(live.Id, default))!.LastUsedAt);
        Assert.Null(await stores.Sessions.FindAsync(ended.Id, default));
    }
}

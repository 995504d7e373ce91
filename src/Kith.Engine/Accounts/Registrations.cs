using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <param name="Invite">A guild's invite or an admin's registration code; needed where registration is by invitation.</param>
public sealed record RegistrationForm(string Username, string Password, string? Email, string? GlobalName, string? Invite);

/// <summary>Makes accounts of people.</summary>
public sealed class Registrations(ICredentialStore credentials, Logins logins, Passwords passwords, SnowflakeGenerator ids, AccountOptions options)
{
    public async Task<Result<Login>> RegisterAsync(RegistrationForm form, ClientInfo client, CancellationToken ct)
    {
        if (options.Registration == RegistrationPolicy.Closed) return ErrorCode.RegistrationClosed;
        var user = new UserRecord
        {
            Id = new UserId(ids.Next()), Username = AccountRules.Fold(form.Username), GlobalName = form.GlobalName?.Trim(), Email = form.Email?.Trim(),
        };
        if (Check(user, form.Password) is { } wrong) return wrong;
        var hash = await passwords.HashAsync(form.Password, ct);
        var saved = await credentials.CreateAsync(new NewAccount(user, hash), ct);
        if (saved.User is { } created) return await logins.OpenAsync(created.Id, client, ct);
        var errors = new FormErrors();
        AccountRules.Taken(errors, saved.Conflict);
        return errors.Error!;
    }

    static Error? Check(UserRecord user, string password)
    {
        var errors = new FormErrors();
        AccountRules.Username(errors, "username", user.Username);
        AccountRules.Password(errors, "password", password);
        AccountRules.Email(errors, "email", user.Email);
        AccountRules.DisplayName(errors, "global_name", user.GlobalName);
        return errors.Error;
    }
}

using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>A PATCH of oneself: what is absent stays.</summary>
public sealed record ProfileForm
{
    public Optional<string?> Username { get; init; }
    public Optional<string?> GlobalName { get; init; }
    /// <summary>A data URI; for <see cref="Profiles"/> the hash of what was kept of it.</summary>
    public Optional<string?> Avatar { get; init; }
    public Optional<string?> Banner { get; init; }
    public Optional<string?> Bio { get; init; }
    public Optional<int?> AccentColor { get; init; }

    /// <summary>Needs the password, as does a new password.</summary>
    public Optional<string?> Email { get; init; }
    public string? Password { get; init; }
    public string? NewPassword { get; init; }
}

/// <summary>What users change of themselves.</summary>
public sealed class Profiles(IUserStore users, ICredentialStore credentials, SecondFactors factors, Passwords passwords, LoginSessions sessions, ProfileEvents events)
{
    const int MaxBio = 190;
    const int MaxColor = 0xFFFFFF;

    /// <summary>The user, with a new token where the password changed: then all former ones have ended.</summary>
    public async Task<Result<SelfUser>> UpdateAsync(Principal me, ProfileForm form, ClientInfo client, CancellationToken ct)
    {
        if (form.Username is { HasValue: true, Value: { } name } && !me.User.Bot) form = form with { Username = AccountRules.Fold(name) };
        if (Check(me, form).Error is { } wrong) return wrong;
        CredentialsRecord? verified = null;
        if (form.NewPassword is not null || form.Email.HasValue)
        {
            if (await credentials.FindAsync(me.Id, ct) is not { } found) return ErrorCode.InvalidAccountType;
            if (await factors.RefusePasswordAsync(found, form.Password ?? "", client.Address, ct) is { } refusal) return refusal;
            verified = found;
        }

        var saved = await users.UpdateAsync(me.Id, user => Apply(user, form), ct);
        if (saved.User is null) return AccountRules.Taken(saved.Conflict);
        if (saved.User != me.User) await events.ChangedAsync(me.Id, isPublic: true, CancellationToken.None);
        if (form.NewPassword is null) return saved.User.ToSelfWire();
        return (await ChangePasswordAsync(verified!, form.NewPassword, client, ct)).Ok(out var token, out var error)
            ? saved.User.ToSelfWire() with { Token = token } : error;
    }

    async Task<Result<string>> ChangePasswordAsync(CredentialsRecord verified, string password, ClientInfo client, CancellationToken ct)
    {
        var hash = await passwords.HashAsync(password, ct);
        if (!await credentials.SetPasswordAsync(verified.UserId, verified.PasswordHash, hash, ct))
            return Error.Form("password", "PASSWORD_DOES_NOT_MATCH", "Password does not match.");
        return await sessions.ReplaceAllAsync(verified.UserId, client, CancellationToken.None);
    }

    static UserRecord Apply(UserRecord user, ProfileForm form) => user with
    {
        Username = form.Username.Or(user.Username)!, GlobalName = form.GlobalName.HasValue ? AccountRules.CleanName(form.GlobalName.Value) : user.GlobalName,
        Avatar = form.Avatar.Or(user.Avatar), Banner = form.Banner.Or(user.Banner), AccentColor = form.AccentColor.Or(user.AccentColor),
        Bio = form.Bio.HasValue ? (string.IsNullOrWhiteSpace(form.Bio.Value) ? null : form.Bio.Value.Trim()) : user.Bio,
        Email = form.Email.HasValue ? form.Email.Value?.Trim() : user.Email,
    };

    internal static FormErrors Check(Principal me, ProfileForm form)
    {
        var errors = new FormErrors();
        if (form.Username.HasValue)
        {
            if (me.User.Bot) AccountRules.BotName(errors, "username", form.Username.Value);
            else AccountRules.Username(errors, "username", form.Username.Value);
        }

        if (form.GlobalName.HasValue) AccountRules.DisplayName(errors, "global_name", AccountRules.CleanName(form.GlobalName.Value));
        if (form.Bio.HasValue) errors.Length("bio", form.Bio.Value, 0, MaxBio);
        if (form.AccentColor.HasValue) errors.Range("accent_color", form.AccentColor.Value, 0, MaxColor);
        if (form.Email.HasValue) AccountRules.Email(errors, "email", form.Email.Value?.Trim());
        if (form.NewPassword is not null) AccountRules.Password(errors, "new_password", form.NewPassword);
        return errors;
    }
}

using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Brings accounts of people into being, one by one or by the thousand.</summary>
public sealed class NewAccounts(ICredentialStore store, LoginSessions sessions, Passwords passwords, SnowflakeGenerator ids, TimeProvider clock)
{
    /// <summary>Accounts in one transaction: a few milliseconds in which nobody else writes.</summary>
    const int BatchSize = 1_000;

    /// <param name="code">An admin's registration code, where one is needed.</param>
    public async Task<Result<UserRecord>> CreateAsync(RegistrationForm form, string? code, CancellationToken ct)
    {
        var user = new UserRecord
        {
            Id = new UserId(ids.Next()), Username = AccountRules.Fold(form.Username), GlobalName = AccountRules.CleanName(form.GlobalName), Email = form.Email?.Trim(),
        };
        if (Check(user, form.Password) is { } wrong) return wrong;
        var hash = await passwords.HashAsync(form.Password, ct);
        var saved = await store.CreateAsync(new NewAccount(user, hash, code), clock.GetUtcNow(), ct);
        return saved.User is { } created ? created : AccountRules.Taken(saved.Conflict);
    }

    /// <summary>
    /// Accounts for those of the names that are free, each with a token, in the order given; for the command line and for imports. One password, where there
    /// is one, is hashed once for all; without one an account is used by its token only.
    /// </summary>
    /// <exception cref="ArgumentException">A name or the password is not one that may be registered.</exception>
    public async IAsyncEnumerable<(UserRecord User, string Token)> CreateManyAsync(
        IEnumerable<string> names, string? password, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var hash = password is null ? null : await passwords.HashAsync(password, ct);
        foreach (var batch in names.Select(AccountRules.Fold).Chunk(BatchSize))
        {
            if (batch.Select(name => Check(new UserRecord { Id = default, Username = name }, password)).FirstOrDefault(e => e is not null) is { Fields: [var wrong, ..] })
                throw new ArgumentException($"{wrong.Path}: {wrong.Message}", nameof(names));
            var accounts = batch.Select(name => new NewAccount(new UserRecord { Id = new UserId(ids.Next()), Username = name }, hash)).ToArray();
            var created = (await store.CreateManyAsync(accounts, ct)).Select(s => s.User).OfType<UserRecord>().ToArray();
            var logins = await sessions.OpenManyAsync([.. created.Select(u => u.Id)], new ClientInfo(null, null), ct);
            foreach (var (user, login) in created.Zip(logins))
                yield return (user, login.Token!);
        }
    }

    /// <param name="password">Null: none is needed.</param>
    static Error? Check(UserRecord user, string? password)
    {
        var errors = new FormErrors();
        AccountRules.Username(errors, "username", user.Username);
        if (password is not null) AccountRules.Password(errors, "password", password);
        AccountRules.Email(errors, "email", user.Email);
        AccountRules.DisplayName(errors, "global_name", user.GlobalName);
        return errors.Error;
    }
}

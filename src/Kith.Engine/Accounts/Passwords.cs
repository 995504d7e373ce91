using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Kith.Engine.Accounts;

/// <summary>Hashes and checks passwords. Deliberately slow, so it runs beside the thread pool's work and on as many cores as there are, no more.</summary>
public sealed class Passwords(AccountOptions options) : IDisposable
{
    static readonly object NoUser = new();

    readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.PasswordIterations }));
    readonly SemaphoreSlim cores = new(Environment.ProcessorCount);
    readonly Lazy<string> decoy = new(() => new PasswordHasher<object>(
        Options.Create(new PasswordHasherOptions { IterationCount = options.PasswordIterations })).HashPassword(NoUser, Guid.NewGuid().ToString()));

    public Task<string> HashAsync(string password, CancellationToken ct) => OnCoreAsync(() => hasher.HashPassword(NoUser, password), ct);

    /// <summary>False without a hash too, after the same time: how long a login takes does not tell whether the account exists.</summary>
    public Task<bool> MatchesAsync(string? hash, string password, CancellationToken ct) =>
        OnCoreAsync(() => (hasher.VerifyHashedPassword(NoUser, hash ?? decoy.Value, password) != PasswordVerificationResult.Failed) & hash is not null, ct);

    public void Dispose() => cores.Dispose();

    async Task<T> OnCoreAsync<T>(Func<T> work, CancellationToken ct)
    {
        await cores.WaitAsync(ct);
        try
        {
            return await Task.Run(work, ct);
        }
        finally
        {
            cores.Release();
        }
    }
}

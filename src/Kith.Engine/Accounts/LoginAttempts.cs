using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kith.Engine.RateLimits;

namespace Kith.Engine.Accounts;

/// <summary>
/// Bounds how fast passwords and codes can be guessed: per account, counted before the guess is checked so that guesses at once do not slip through, and failures per
/// address. What is counted is forgotten after <see cref="Window"/>.
/// </summary>
public sealed class LoginAttempts(IRateCounters counters)
{
    public const int PerAccount = 20;
    public const int PerAddress = 100;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    static readonly RateWindow OfAccount = new(PerAccount, Window);
    static readonly RateWindow OfAddress = new(PerAddress, Window);

    /// <summary>Counts an attempt on an account; how long to wait, where there were too many.</summary>
    public async ValueTask<TimeSpan?> TakeAsync(string account, string? address, CancellationToken ct)
    {
        if (address is not null && await counters.PeekAsync(KeyOf(RateScope.LoginAddress, address), OfAddress, ct) is { Allowed: false } banned) return banned.ResetAfter;
        return await counters.CountAsync(KeyOf(RateScope.LoginAccount, account), OfAccount, ct) is { Allowed: false } tried ? tried.ResetAfter : null;
    }

    public async ValueTask FailedAsync(string? address, CancellationToken ct)
    {
        if (address is not null) await counters.CountAsync(KeyOf(RateScope.LoginAddress, address), OfAddress, ct);
    }

    public ValueTask SucceededAsync(string account, CancellationToken ct) => counters.ResetAsync(KeyOf(RateScope.LoginAccount, account), ct);

    /// <summary>By a hash: what someone typed as a name is not kept.</summary>
    static RateKey KeyOf(RateScope scope, string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new RateKey((ulong)scope, BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }
}

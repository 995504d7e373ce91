using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kith.Engine.RateLimits;

namespace Kith.Api.Http;

/// <summary>
/// One allowance: the routes that share it share a count, per user and per major parameter (guild, channel, webhook). Made once at start, with the texts of
/// its headers.
/// </summary>
public sealed class RateLimitBucket
{
    internal RateLimitBucket(string name, RateWindow window)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        Name = name;
        Window = window;
        Scope = BinaryPrimitives.ReadUInt64BigEndian(hash);
        Hash = Convert.ToHexStringLower(hash[..16]);
        Limit = window.Limit.ToString(CultureInfo.InvariantCulture);
    }

    public string Name { get; }

    public RateWindow Window { get; }

    /// <summary>The same in every process and version that has the name.</summary>
    public ulong Scope { get; }

    /// <summary>What clients see instead of the name.</summary>
    public string Hash { get; }

    public string Limit { get; }
}

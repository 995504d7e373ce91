using System.Reflection;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Admin;

/// <summary>The answer of <c>GET /admin/stats</c>. Counts are of the instance, the rest of the process that answers.</summary>
public sealed record InstanceStats
{
    public required int Users { get; init; }
    public required int Guilds { get; init; }
    public required int Channels { get; init; }
    public required long? Messages { get; init; }
    public required long? MessagesLastDay { get; init; }
    public required long Attachments { get; init; }
    public required long AttachmentBytes { get; init; }
    public required long DatabaseBytes { get; init; }
    public required long MemoryBytes { get; init; }
    public required long UptimeSeconds { get; init; }
    public required string Version { get; init; }
    public required IReadOnlyDictionary<string, string> Health { get; init; }
}

/// <summary>Counts at most once a minute, whoever asks.</summary>
public sealed class InstanceStatistics(IAdminStore store, IHealth health, TimeProvider clock)
{
    static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    readonly long began = clock.GetTimestamp();
    (InstanceSize Size, long At)? counted;

    public async Task<Result<InstanceStats>> OfAsync(Principal me, CancellationToken ct)
    {
        if (!me.User.Admin) return ErrorCode.MissingPermissions;
        var size = await SizeAsync(ct);
        return new InstanceStats
        {
            Users = size.Users, Guilds = size.Guilds, Channels = size.Channels, Messages = size.Messages, MessagesLastDay = size.MessagesLastDay, Attachments = size.Attachments,
            AttachmentBytes = size.AttachmentBytes, DatabaseBytes = size.DatabaseBytes, MemoryBytes = Environment.WorkingSet, UptimeSeconds = (long)clock.GetElapsedTime(began).TotalSeconds,
            Version = typeof(InstanceStatistics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Health = await health.CheckAsync(ct),
        };
    }

    async ValueTask<InstanceSize> SizeAsync(CancellationToken ct)
    {
        if (counted is { } recent && clock.GetElapsedTime(recent.At) < MaxAge) return recent.Size;
        var size = await store.SizeAsync(new MessageId(Snowflake.AtTime(clock.GetUtcNow().AddDays(-1))), ct);
        counted = (size, clock.GetTimestamp());
        return size;
    }
}

using Kith.Domain;
using Kith.Engine.Admin;
using Kith.Engine.Presence;

namespace Kith.Storage.Cassandra.Admin;

/// <summary>As <paramref name="rows"/> tells it, but for what is kept here: last sights are added; messages are not counted, which would be to read all of them.</summary>
public sealed class CassandraAdminStore(IAdminStore rows, ILastSeenStore lastSeen) : IAdminStore
{
    public async Task<InstanceSize> SizeAsync(MessageId lastDay, CancellationToken ct) => await rows.SizeAsync(lastDay, ct) with { Messages = null, MessagesLastDay = null };

    public async Task<IReadOnlyList<AdminUser>> UsersAsync(string prefix, UserId before, int limit, CancellationToken ct)
    {
        var users = await rows.UsersAsync(prefix, before, limit, ct);
        var seen = await lastSeen.FindManyAsync([.. users.Select(u => u.Id)], ct);
        return [.. users.Select(u => u with { LastSeenAt = seen.TryGetValue(u.Id, out var at) ? at : null })];
    }

    public Task<IReadOnlyList<AdminGuild>> GuildsAsync(int limit, CancellationToken ct) => rows.GuildsAsync(limit, ct);
}

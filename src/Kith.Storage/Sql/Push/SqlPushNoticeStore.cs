using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Engine.Push;

namespace Kith.Storage.Sql.Push;

/// <summary>
/// <code>
/// push_notices (subscription_id, channel_id)
/// ├── user_id, service (of the subscription), message_id, urgent, withdrawn, shown
/// └── version, attempts, due_at, expires_at
/// </code>
/// </summary>
public sealed class SqlPushNoticeStore(SqlDatabase database) : IPushNoticeStore
{
    /// <summary>Rows of one step of upkeep: some milliseconds, which other writers may have to wait.</summary>
    const int Step = 500;

    /// <summary>What is on its way, or waits to be tried again, keeps its time; all else is due now.</summary>
    const string DueAgain = "due_at = CASE WHEN attempts > 0 AND due_at > @now THEN due_at ELSE @now END";

    const string Key = "subscription_id = @Subscription AND channel_id = @Channel";

    public Task ShowAsync(
        MessageKey message, IReadOnlyCollection<UserId> users, bool urgent, DateTimeOffset now, DateTimeOffset forgotten, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var ids = SqlTypes.Join(users);
        var values = new { channel = message.Channel, message = message.Message, urgent, now, forgotten };
        await db.ExecuteAsync(
            $"""
            UPDATE push_notices SET {DueAgain}, message_id = @message, urgent = @urgent, withdrawn = 0, version = version + 1, expires_at = @forgotten
            WHERE channel_id = @channel AND user_id IN ({ids}) AND message_id < @message
            """, values);
        await db.ExecuteAsync(
            $"""
            {database.Dialect.InsertIgnore} INTO push_notices
                (subscription_id, channel_id, user_id, service, message_id, urgent, withdrawn, shown, version, attempts, due_at, expires_at)
            SELECT s.id, @channel, s.user_id, s.service, @message, @urgent, 0, 0, 1, 0, @now, @forgotten
            FROM push_subscriptions s {SqlPushSubscriptionStore.Living} WHERE s.user_id IN ({ids})
            """, values);
    }, ct);

    public Task WithdrawAsync(UserId user, MessageKey upTo, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(db => WithdrawAsync(db, user, upTo, now), ct);

    public Task<int> WithdrawReadAsync(DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var read = (await db.QueryAsync<(UserId User, ChannelId Channel, MessageId LastRead)>(
            """
            SELECT DISTINCT n.user_id, n.channel_id, r.last_read_id FROM push_notices n
            JOIN read_states r ON r.user_id = n.user_id AND r.channel_id = n.channel_id AND r.last_read_id >= n.message_id
            WHERE n.withdrawn = 0 LIMIT @Step
            """, new { Step })).AsList();
        foreach (var (user, channel, lastRead) in read)
            await WithdrawAsync(db, user, new MessageKey(channel, lastRead), now);
        return read.Count;
    }, ct);

    public Task<IReadOnlyList<string>> ServicesDueAsync(DateTimeOffset now, CancellationToken ct) => database.ReadAsync<IReadOnlyList<string>>(async db =>
        // From one service to the next in the index, whatever the number of rows.
        [.. await db.QueryAsync<string>(
            """
            WITH RECURSIVE line (service) AS (
                SELECT MIN(service) FROM push_notices
                UNION ALL
                SELECT (SELECT MIN(n.service) FROM push_notices n WHERE n.service > line.service) FROM line WHERE line.service IS NOT NULL)
            SELECT service FROM line WHERE service IS NOT NULL AND EXISTS (SELECT 1 FROM push_notices n WHERE n.service = line.service AND n.due_at <= @now)
            """, new { now })], ct);

    public Task<IReadOnlyList<PushDelivery>> ClaimAsync(string service, DateTimeOffset now, DateTimeOffset until, int most, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<PushDelivery>>(async db =>
        {
            var due = (await db.QueryAsync<(PushSubscriptionId Subscription, ChannelId Channel, MessageId Message, bool Urgent, bool Withdrawn, long Version, int Attempts)>(
                $"""
                SELECT subscription_id, channel_id, message_id, urgent, withdrawn, version, attempts FROM push_notices
                WHERE service = @service AND due_at <= @now ORDER BY due_at LIMIT @most{database.Dialect.ForUpdate}
                """, new { service, now, most })).AsList();
            if (due.Count == 0) return [];
            var devices = (await db.QueryAsync<PushSubscription>(
                $"SELECT {SqlPushSubscriptionStore.Columns} FROM push_subscriptions s {SqlPushSubscriptionStore.Living} WHERE s.id IN ({SqlTypes.Join(due.Select(d => d.Subscription).Distinct())})"))
                .ToDictionary(s => s.Id);
            List<PushDelivery> claimed = new(due.Count);
            foreach (var row in due)
            {
                var key = new { row.Subscription, row.Channel, until };
                if (!devices.TryGetValue(row.Subscription, out var device))
                {
                    await db.ExecuteAsync($"DELETE FROM push_notices WHERE {Key}", key);
                    continue;
                }

                await db.ExecuteAsync($"UPDATE push_notices SET due_at = @until, attempts = attempts + 1 WHERE {Key}", key);
                claimed.Add(new PushDelivery(device, new MessageKey(row.Channel, row.Message), row.Urgent, row.Withdrawn, row.Version, row.Attempts + 1, until));
            }

            return claimed;
        }, ct);

    public Task CompleteAsync(IReadOnlyCollection<PushResult> results, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        foreach (var result in results)
            await CompleteAsync(db, result, now);
    }, ct);

    public Task ForgetAsync(DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var forgotten = (await db.QueryAsync<(PushSubscriptionId Subscription, ChannelId Channel)>(
            "SELECT subscription_id, channel_id FROM push_notices WHERE expires_at <= @now LIMIT @Step", new { now, Step })).AsList();
        await db.ExecuteAsync($"DELETE FROM push_notices WHERE {Key}", forgotten.Select(f => new { f.Subscription, f.Channel }));
        var orphans = (await db.QueryAsync<long>(
            "SELECT s.id FROM push_subscriptions s WHERE NOT EXISTS (SELECT 1 FROM auth_sessions a WHERE a.id = s.session_id AND a.user_id = s.user_id) LIMIT @Step", new { Step })).AsList();
        if (orphans.Count > 0) await SqlPushSubscriptionStore.DeleteAsync(db, $"id IN ({string.Join(',', orphans)})", new { });
    }, ct);

    public Task<int> WaitingAsync(CancellationToken ct) =>
        database.ReadAsync(db => db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM push_notices WHERE due_at IS NOT NULL"), ct);

    static async Task WithdrawAsync(DbConnection db, UserId user, MessageKey upTo, DateTimeOffset now)
    {
        var values = new { user, channel = upTo.Channel, message = upTo.Message, now };
        await db.ExecuteAsync("DELETE FROM push_notices WHERE user_id = @user AND channel_id = @channel AND message_id <= @message AND shown = 0 AND attempts = 0", values);
        await db.ExecuteAsync(
            $"""
            UPDATE push_notices SET {DueAgain}, withdrawn = 1, version = version + 1
            WHERE user_id = @user AND channel_id = @channel AND message_id <= @message AND withdrawn = 0
            """, values);
    }

    static async Task CompleteAsync(DbConnection db, PushResult result, DateTimeOffset now)
    {
        var (delivery, end, due) = result;
        var key = new { Subscription = delivery.Device.Id, delivery.Message.Channel, delivery.Version, now, due };
        const string unchanged = $"{Key} AND version = @Version";
        switch (end)
        {
            case PushEnd.Gone:
                await SqlPushSubscriptionStore.DeleteAsync(db, "id = @Subscription", key);
                break;
            case PushEnd.Later:
                await db.ExecuteAsync($"UPDATE push_notices SET due_at = @due WHERE {Key}", key);
                break;
            case PushEnd.Delivered when !delivery.Withdrawn:
                await db.ExecuteAsync($"UPDATE push_notices SET shown = 1, attempts = 0, due_at = CASE WHEN version = @Version THEN NULL ELSE @now END WHERE {Key}", key);
                break;
            case PushEnd.Dropped when !delivery.Withdrawn:
                if (await db.ExecuteAsync($"DELETE FROM push_notices WHERE {unchanged} AND shown = 0", key) == 0)
                    await db.ExecuteAsync($"UPDATE push_notices SET attempts = 0, due_at = CASE WHEN version = @Version THEN NULL ELSE @now END WHERE {Key}", key);
                break;
            default:
                // Cleared, or given up; a newer message is shown afresh.
                if (await db.ExecuteAsync($"DELETE FROM push_notices WHERE {unchanged}", key) == 0)
                    await db.ExecuteAsync($"UPDATE push_notices SET shown = 0, attempts = 0, due_at = @now WHERE {Key}", key);
                break;
        }
    }
}

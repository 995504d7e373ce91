using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Who asks for a change, and the reason given for the audit log.</summary>
public sealed record Actor(Principal Principal, string? Reason = null)
{
    public UserId Id => Principal.Id;
}

/// <summary>Makes audit log entries; they are written in the transaction of what they record.</summary>
public sealed class AuditLog(SnowflakeGenerator ids)
{
    public AuditLogEntry Entry(
        GuildId guild, Actor actor, AuditLogAction action, long? target,
        IReadOnlyList<AuditLogChange>? changes = null, IReadOnlyDictionary<string, string>? options = null) => new()
        {
            Id = new AuditLogEntryId(ids.Next()), GuildId = guild, UserId = actor.Id, ActionType = action, Reason = actor.Reason, Options = options,
            TargetId = target is { } id ? new AuditTargetId(id) : null, Changes = changes is { Count: > 0 } ? changes : null,
        };

    /// <summary>One entry where something changed, none where nothing did.</summary>
    public IReadOnlyList<AuditLogEntry> Update(GuildId guild, Actor actor, AuditLogAction action, long target, IReadOnlyList<AuditLogChange> changes) =>
        changes.Count == 0 ? [] : [Entry(guild, actor, action, target, changes)];

    /// <summary>
    /// The keys in which two states of a thing differ on the wire: all of the one that there is where the other is null. Nulls count as absent.
    /// </summary>
    public static IReadOnlyList<AuditLogChange> Changes<T>(T? before, T? after, params ReadOnlySpan<string> keys)
        where T : class
    {
        var old = before is null ? default : JsonSerializer.SerializeToElement(before, Wire.Options);
        var current = after is null ? default : JsonSerializer.SerializeToElement(after, Wire.Options);
        List<AuditLogChange> changes = [];
        foreach (var key in keys)
        {
            var (was, now) = (ValueOf(old, key), ValueOf(current, key));
            if (was is { } a && now is { } b ? !JsonElement.DeepEquals(a, b) : was is not null || now is not null) changes.Add(new AuditLogChange(key, now, was));
        }

        return changes;
    }

    /// <summary>One key, for what is not a wire type's own.</summary>
    public static AuditLogChange Change<T>(string key, T? before, T? after) => new(key, ElementOf(after), ElementOf(before));

    static JsonElement? ElementOf<T>(T? value) => value is null ? null : JsonSerializer.SerializeToElement(value, Wire.Options);

    static JsonElement? ValueOf(JsonElement whole, string key) =>
        whole.ValueKind == JsonValueKind.Object && whole.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

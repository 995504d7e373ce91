using System.Globalization;

namespace Kith.Domain;

/// <summary>An identifier that is a <see cref="Snowflake"/>: 64 bits, positive, ordered by time of creation.</summary>
public interface ISnowflakeId<TSelf> : IEquatable<TSelf>
    where TSelf : struct, ISnowflakeId<TSelf>
{
    long Value { get; }

    static abstract TSelf From(long value);
}

public readonly record struct UserId(long Value) : ISnowflakeId<UserId>
{
    public static UserId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct GuildId(long Value) : ISnowflakeId<GuildId>
{
    public static GuildId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct ChannelId(long Value) : ISnowflakeId<ChannelId>
{
    public static ChannelId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct MessageId(long Value) : ISnowflakeId<MessageId>
{
    public static MessageId From(long value) => new(value);

    public static bool operator <(MessageId left, MessageId right) => left.Value < right.Value;

    public static bool operator >(MessageId left, MessageId right) => left.Value > right.Value;

    public static bool operator <=(MessageId left, MessageId right) => left.Value <= right.Value;

    public static bool operator >=(MessageId left, MessageId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct RoleId(long Value) : ISnowflakeId<RoleId>
{
    public static RoleId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct AppId(long Value) : ISnowflakeId<AppId>
{
    public static AppId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct AttachmentId(long Value) : ISnowflakeId<AttachmentId>
{
    public static AttachmentId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct EmojiId(long Value) : ISnowflakeId<EmojiId>
{
    public static EmojiId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct StickerId(long Value) : ISnowflakeId<StickerId>
{
    public static StickerId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a permission overwrite is about: a role or a member, by the overwrite's type.</summary>
public readonly record struct OverwriteId(long Value) : ISnowflakeId<OverwriteId>
{
    public static OverwriteId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct AuditLogEntryId(long Value) : ISnowflakeId<AuditLogEntryId>
{
    public static AuditLogEntryId From(long value) => new(value);

    public static bool operator <(AuditLogEntryId left, AuditLogEntryId right) => left.Value < right.Value;

    public static bool operator >(AuditLogEntryId left, AuditLogEntryId right) => left.Value > right.Value;

    public static bool operator <=(AuditLogEntryId left, AuditLogEntryId right) => left.Value <= right.Value;

    public static bool operator >=(AuditLogEntryId left, AuditLogEntryId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One login of one account; a token is bound to it and dies with it.</summary>
public readonly record struct AuthSessionId(long Value) : ISnowflakeId<AuthSessionId>
{
    public static AuthSessionId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public readonly record struct WebhookId(long Value) : ISnowflakeId<WebhookId>
{
    public static WebhookId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One device, or one address, on which a user wants to be notified.</summary>
public readonly record struct PushSubscriptionId(long Value) : ISnowflakeId<PushSubscriptionId>
{
    public static PushSubscriptionId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

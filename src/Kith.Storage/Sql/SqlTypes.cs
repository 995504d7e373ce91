using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Storage.Sql;

/// <summary>How our types are kept in columns: ids and permissions as numbers, times as Unix milliseconds, lists of ids as comma separated text.</summary>
static class SqlTypes
{
    static readonly Lock Gate = new();
    static bool registered;

    public static void Register()
    {
        lock (Gate)
        {
            if (registered) return;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            Id<UserId>();
            Id<GuildId>();
            Id<ChannelId>();
            Id<MessageId>();
            Id<RoleId>();
            Id<AppId>();
            Id<AttachmentId>();
            Id<EmojiId>();
            Id<StickerId>();
            Id<OverwriteId>();
            Id<AuditLogEntryId>();
            Id<AuditTargetId>();
            Id<AuthSessionId>();
            Id<WebhookId>();
            Id<PushSubscriptionId>();
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            SqlMapper.AddTypeHandler(new TimeHandler());
            registered = true;
        }
    }

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Wire.Options);

    public static T FromJson<T>(string json) => JsonSerializer.Deserialize<T>(json, Wire.Options)!;

    /// <summary>The parameter of <see cref="SqlDialect.NumberTable"/>.</summary>
    public static string Numbers(IEnumerable<long[]> rows) => $"[{string.Join(',', rows.Select(row => $"[{string.Join(',', row)}]"))}]";

    /// <summary>A list for <c>IN</c>, which the mapper takes only as plain numbers.</summary>
    public static long[] Values<T>(IEnumerable<T> ids)
        where T : struct, ISnowflakeId<T> => [.. ids.Select(id => id.Value)];

    public static string Join<T>(IEnumerable<T> ids)
        where T : struct, ISnowflakeId<T> => string.Join(',', ids.Select(id => id.Value.ToString(CultureInfo.InvariantCulture)));

    public static T[] Split<T>(string ids)
        where T : struct, ISnowflakeId<T> =>
        ids.Length == 0 ? [] : [.. ids.Split(',').Select(id => T.From(long.Parse(id, CultureInfo.InvariantCulture)))];

    static void Id<T>()
        where T : struct, ISnowflakeId<T> => SqlMapper.AddTypeHandler(new IdHandler<T>());

    sealed class IdHandler<T> : SqlMapper.TypeHandler<T>
        where T : struct, ISnowflakeId<T>
    {
        public override T Parse(object value) => T.From(Convert.ToInt64(value, CultureInfo.InvariantCulture));

        public override void SetValue(IDbDataParameter parameter, T value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.Value;
        }
    }

    sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(value, CultureInfo.InvariantCulture));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }
    }
}

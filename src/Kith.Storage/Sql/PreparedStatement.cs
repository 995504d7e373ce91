using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Kith.Storage.Sql;

/// <summary>
/// A statement that a connection keeps, for what is carried out very often: a mapper's per-call work would be most of its cost. Not for concurrent use, like its connection.
/// </summary>
sealed class PreparedStatement
{
    static readonly ConditionalWeakTable<DbConnection, Dictionary<string, PreparedStatement>> Kept = [];

    readonly DbCommand command;

    PreparedStatement(DbConnection connection, string sql, int parameters)
    {
        command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>The one that the connection has kept since it was first asked for.</summary>
    /// <param name="parameters">How many: @p0, @p1, ...</param>
    public static PreparedStatement On(DbConnection connection, string sql, int parameters)
    {
        var kept = Kept.GetOrCreateValue(connection);
        if (kept.TryGetValue(sql, out var statement)) return statement;
        return kept[sql] = new PreparedStatement(connection, sql, parameters);
    }

    public Task<int> ExecuteAsync(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteNonQueryAsync();
    }

    public Task<long> ScalarAsync(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return ReadAsync();
    }

    async Task<long> ReadAsync() => Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);

    void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}

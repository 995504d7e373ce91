using System.Data.Common;
using System.Text;

namespace Kith.Storage.Sql;

/// <summary>
/// Statements whose length depends on what is written, carried out in one trip: a row each would cost MySQL a trip each. Past the mapper, which would keep every text that it meets.
/// </summary>
sealed class SqlBatch(DbConnection connection) : IAsyncDisposable
{
    readonly DbCommand command = connection.CreateCommand();
    readonly StringBuilder text = new();

    public ValueTask DisposeAsync() => command.DisposeAsync();

    /// <param name="rows">Each with its parentheses; nothing is done where there is none.</param>
    /// <param name="end">What follows them, such as what to do where the key exists.</param>
    public void Insert(string into, IEnumerable<string> rows, string end = "")
    {
        var values = string.Join(", ", rows);
        if (values.Length > 0) text.Append(into).Append(" VALUES ").Append(values).Append(' ').Append(end).Append(";\n");
    }

    /// <summary>The name under which a row may have this text.</summary>
    public string Text(string? value)
    {
        if (value is null) return "NULL";
        var parameter = command.CreateParameter();
        parameter.ParameterName = $"@t{command.Parameters.Count}";
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }

    /// <summary>Carries them out and commits, in the same trip: the last of <see cref="MySqlDatabase.TransactAsync{T}"/>.</summary>
    public Task CommitAsync()
    {
        text.Append("COMMIT;\n");
        // As one statement where the server knows that: it answers each of several by itself, which would wake this process as often.
        if (connection.ServerVersion.Contains("MariaDB", StringComparison.Ordinal)) text.Insert(0, "BEGIN NOT ATOMIC\n").Append("END");
        return MySqlDatabase.CommitAsync(RunAsync);
    }

    /// <summary>How many rows were written.</summary>
    public async Task<int> RunAsync()
    {
        if (text.Length == 0) return 0;
        command.CommandText = text.ToString();
        return await command.ExecuteNonQueryAsync();
    }
}

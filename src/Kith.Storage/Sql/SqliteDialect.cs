using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Kith.Storage.Sql;

public sealed class SqliteDialect : SqlDialect
{
    const int UniqueViolation = 2067, PrimaryKeyViolation = 1555;

    public override string Name => "sqlite";

    public override string InsertIgnore => "INSERT OR IGNORE";

    public override bool IsDuplicateKey(DbException e) => e is SqliteException { SqliteExtendedErrorCode: UniqueViolation or PrimaryKeyViolation };

    public override string OnConflictUpdate(string key, params ReadOnlySpan<string> columns) =>
        $"ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", columns.ToArray().Select(c => $"{c} = excluded.{c}"))}";

    public override string OnConflictRaise(string key, params ReadOnlySpan<string> columns) =>
        $"ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", columns.ToArray().Select(c => $"{c} = MAX({c}, excluded.{c})"))}";

    public override string OnConflictLock(string key, string column) => $"ON CONFLICT ({key}) DO NOTHING";

    public override string NumberTable(string parameter, params ReadOnlySpan<string> columns)
    {
        var selected = columns.ToArray().Select((c, i) => $"CAST(json_extract(value, '$[{i}]') AS INTEGER) AS {c}");
        return $"(SELECT {string.Join(", ", selected)} FROM json_each({parameter}))";
    }

    public override string Concat(params ReadOnlySpan<string> texts) => string.Join(" || ", texts);

    public override string ForUpdate => "";

    public override string SizeInBytes => "(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())";

    protected override string TypeOf(string token) => token switch
    {
        "id" or "int" or "time" => "INTEGER",
        "blob" => "BLOB",
        "clustered" => "WITHOUT ROWID",
        _ when token.StartsWith("text", StringComparison.Ordinal) => "TEXT",
        _ => throw new InvalidOperationException($"Unknown type {{{token}}} in a migration."),
    };
}

using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql;

/// <summary>MariaDB 10.6 and later, and MySQL 8.</summary>
public sealed class MySqlDialect : SqlDialect
{
    /// <summary>Bytes compare as bytes: emojis that differ in a variation selector, and names that differ in case, are different keys.</summary>
    const string Collation = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

    const int DuplicateEntry = 1062;

    public override string Name => "mysql";

    public override string InsertIgnore => "INSERT IGNORE";

    public override bool IsDuplicateKey(DbException e) => e is MySqlException { Number: DuplicateEntry };

    public override string OnConflictUpdate(string key, params ReadOnlySpan<string> columns) =>
        $"ON DUPLICATE KEY UPDATE {string.Join(", ", columns.ToArray().Select(c => $"{c} = VALUES({c})"))}";

    public override string OnConflictRaise(string key, params ReadOnlySpan<string> columns) =>
        $"ON DUPLICATE KEY UPDATE {string.Join(", ", columns.ToArray().Select(c => $"{c} = GREATEST({c}, VALUES({c}))"))}";

    public override string OnConflictLock(string key, string column) => $"ON DUPLICATE KEY UPDATE {column} = {column}";

    public override string NumberTable(string parameter, params ReadOnlySpan<string> columns)
    {
        var selected = columns.ToArray().Select((c, i) => $"{c} BIGINT PATH '$[{i}]'");
        return $"JSON_TABLE({parameter}, '$[*]' COLUMNS ({string.Join(", ", selected)}))";
    }

    public override string Concat(params ReadOnlySpan<string> texts) => $"CONCAT({string.Join(", ", texts)})";

    public override string ForUpdate => " FOR UPDATE";

    public override string SizeInBytes =>
        "(SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) FROM information_schema.tables WHERE table_schema = DATABASE())";

    protected override string TypeOf(string token) => token switch
    {
        "id" or "time" => "BIGINT",
        "int" => "INT",
        "blob" => "LONGBLOB",
        // InnoDB keeps every table by its primary key.
        "clustered" => "",
        "text" => $"MEDIUMTEXT {Collation}",
        _ when token.StartsWith("text:", StringComparison.Ordinal) => $"VARCHAR({token[5..]}) {Collation}",
        _ => throw new InvalidOperationException($"Unknown type {{{token}}} in a migration."),
    };
}

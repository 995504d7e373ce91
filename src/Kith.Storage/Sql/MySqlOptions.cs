using System.ComponentModel;

namespace Kith.Storage.Sql;

public sealed record MySqlOptions
{
    [Description("MariaDB 10.6 or later, or MySQL 8, in place of the embedded store: Server=…;Port=3306;User=…;Password=…;Database=… The database must exist; its tables are made. Empty: the embedded store.")]
    [PasswordPropertyText]
    public string Connection { get; init; } = "";
}

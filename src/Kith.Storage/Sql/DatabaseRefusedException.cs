namespace Kith.Storage.Sql;

/// <summary>There is a database, but not one that this program can work with. The message is one line for the operator.</summary>
public sealed class DatabaseRefusedException(string message, Exception? inner = null) : Exception(message, inner);

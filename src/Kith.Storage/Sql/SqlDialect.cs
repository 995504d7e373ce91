using System.Data.Common;
using System.Text.RegularExpressions;

namespace Kith.Storage.Sql;

/// <summary>What differs between the two databases. Queries are written once, in the SQL both know, and ask here for the rest.</summary>
public abstract class SqlDialect
{
    /// <summary>Suffix of migrations for this database only: <c>0002_search.sqlite.sql</c>.</summary>
    public abstract string Name { get; }

    /// <summary><c>INSERT OR IGNORE</c> or <c>INSERT IGNORE</c>: a row whose key exists is left as it is.</summary>
    public abstract string InsertIgnore { get; }

    /// <summary>True for the error of a statement that would have broken a unique key. It was undone; the transaction goes on.</summary>
    public abstract bool IsDuplicateKey(DbException e);

    /// <summary>The end of an INSERT that replaces <paramref name="columns"/> where the <paramref name="key"/> (comma separated) exists.</summary>
    public abstract string OnConflictUpdate(string key, params ReadOnlySpan<string> columns);

    /// <summary>The end of an INSERT that leaves the larger value in each of <paramref name="columns"/> where the <paramref name="key"/> (comma separated) exists.</summary>
    public abstract string OnConflictRaise(string key, params ReadOnlySpan<string> columns);

    /// <summary>The end of an INSERT that locks the row where the <paramref name="key"/> exists, and leaves it as it is.</summary>
    /// <param name="column">Any that does not belong to the key.</param>
    public abstract string OnConflictLock(string key, string column);

    /// <summary>A table expression over a parameter that holds a JSON array of arrays of numbers, with these column names.</summary>
    public abstract string NumberTable(string parameter, params ReadOnlySpan<string> columns);

    /// <summary>Texts one after the other.</summary>
    public abstract string Concat(params ReadOnlySpan<string> texts);

    /// <summary>The end of a SELECT whose rows this transaction is about to change, with a leading space; empty where there is one writer anyway.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>An expression: how much the database takes on disk, as far as it can tell.</summary>
    public abstract string SizeInBytes { get; }

    protected abstract string TypeOf(string token);

    /// <summary>Replaces <c>{id}</c>, <c>{int}</c>, <c>{time}</c> (Unix ms), <c>{text}</c>, <c>{text:N}</c> (indexable, N characters), <c>{blob}</c>, <c>{clustered}</c>.</summary>
    public string Translate(string migration) => Tokens.Replace(migration, match => TypeOf(match.Groups[1].Value));

    static readonly Regex Tokens = new(@"\{([a-z]+(?::\d+)?)\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

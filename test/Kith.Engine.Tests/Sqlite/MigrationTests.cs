using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Kith.Storage.Sql;

namespace Kith.Engine.Tests.Sqlite;

public sealed partial class MigrationTests
{
    /// <summary>Every migration that has landed, with a digest of its statements: some database has run it, so it does not change any more, and what comes after it has a greater number. New ones are added below.</summary>
    static readonly string[] Landed =
    [
        "0001_core sqlite b99da82bfcdb",
        "0001_core mysql 7d49cdfec32f",
        "0002_messages sqlite e0896c2eb402",
        "0002_messages mysql 1760aafe7fba",
        "0003_search sqlite 55ac26d3ec03",
        "0004_marks sqlite ffdfa2e1d385",
        "0004_marks mysql 54753ec3829f",
        "0010_accounts sqlite fbf7027ae026",
        "0010_accounts mysql 5e11b1c2290d",
        "0011_people sqlite 521f0406adca",
        "0011_people mysql b78671609851",
        "0012_applications sqlite 84e898199bf4",
        "0012_applications mysql 84c849556a3c",
        "0020_guilds sqlite 419d5aa7ec0d",
        "0020_guilds mysql 665e3555840d",
        "0021_departures sqlite 04cdf06f0d63",
        "0021_departures mysql 839b58514894",
        "0030_last_seen sqlite 913aa4a6e19b",
        "0030_last_seen mysql 6697a9ddd639",
        "0040_media sqlite 6ad8225e74ee",
        "0040_media mysql eb57c25e2a46",
        "0041_images sqlite 573ab07eb683",
        "0041_images mysql 2251f2bc84ba",
        "0042_expressions sqlite dc371b1cb7f5",
        "0042_expressions mysql bb453c66b0c4",
        "0050_push sqlite 2d31ec6e71df",
        "0050_push mysql c12a5fc108d5",
        "0051_push mysql e3987fcc28d7",
        "0052_digests sqlite 2257b6e1ad09",
        "0052_digests mysql 232a2e98dd60",
        "0053_admin sqlite e4d885eb5835",
        "0053_admin mysql 363bb1468c3c",
        "0060_import sqlite 32d61066eb75",
        "0060_import mysql 916f22e4d18e",
        "0061_import_ids mysql f4a4a0a05182",
        "0070_channel_tails mysql fc06dbc89778",
        "0071_channel_newest mysql af76da5f8b1f",
        "0081_nonces sqlite 915cd2ef0dd1",
        "0081_nonces mysql b72aedf82a2a",
    ];

    static readonly SqlDialect[] Dialects = [new SqliteDialect(), new MySqlDialect()];

    static IEnumerable<Migration> All => Dialects.SelectMany(Migration.For);

    [Fact]
    public void Migrations_that_have_landed_stay_as_they_are_and_new_ones_come_after_them() =>
        Assert.Equal(Landed, Dialects.SelectMany(d => Migration.For(d).Select(m => (m.Number, Line: $"{m.Name} {d.Name} {Digest(m)}"))).OrderBy(m => m.Number).Select(m => m.Line));

    [Fact]
    public void Beside_older_processes_a_migration_only_adds()
    {
        foreach (var migration in All.Where(m => m.Beside < m.Number))
        {
            Assert.InRange(migration.Beside, 0, migration.Number - 1);
            // What takes something away names the release that no longer uses it.
            if (migration.Beside > 0) continue;
            foreach (var statement in migration.Statements)
            {
                // What it makes it may fill.
                if (Fills().Match(statement) is { Success: true } fills) Assert.Contains(migration.Statements, s => s.StartsWith($"CREATE TABLE {fills.Groups[1]} ", StringComparison.Ordinal));
                else Assert.Matches(Adds(), statement);
            }
        }
    }

    static string Digest(Migration migration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', migration.Statements))))[..12];

    /// <summary>A table, an index that forbids nothing, or columns that a row may be written without.</summary>
    [GeneratedRegex("^(CREATE TABLE |CREATE INDEX |ALTER TABLE [a-z_]+ ADD COLUMN (?!.*NOT NULL(?!.*DEFAULT )))", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Adds();

    [GeneratedRegex("^INSERT IGNORE INTO ([a-z_]+) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fills();
}

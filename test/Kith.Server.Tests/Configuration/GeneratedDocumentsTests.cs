using System.Text;
using Kith.Server.Configuration;
using Kith.Testing;

namespace Kith.Server.Tests.Configuration;

/// <summary>Documents that are made from the code are as the code is.</summary>
public sealed class GeneratedDocumentsTests
{
    [Fact]
    public void The_reference_of_options_is_that_of_these_types() => Same("configuration.md", OptionsReference.Write(), "config docs");

    [Fact]
    public void The_sample_configuration_is_that_of_these_types() => Same("kith.sample.jsonc", OptionsSample.Write(), "config sample");

    [Fact]
    public void The_reference_of_rate_limits_is_that_of_the_policies() => Same("limits.md", LimitsReference.Write(), "config limits");

    [Fact]
    public void The_sample_configuration_reads_as_the_defaults() => Assert.Equivalent(
        new KithOptions(), OptionsReader.Read(SettingsFile.Parse(Encoding.UTF8.GetBytes(OptionsSample.Write()), "kith.sample.jsonc")), strict: true);

    [Fact]
    public void The_sample_configuration_has_every_option()
    {
        var sample = SettingsFile.Parse(Encoding.UTF8.GetBytes(OptionsSample.Write()), "kith.sample.jsonc");
        Assert.Equal(
            OptionProperty.All.Where(o => !o.IsList && !o.IsMap).Select(o => o.Path), sample.Settings.Select(s => s.Path).Where(p => !char.IsAsciiDigit(p[^1])));
    }

    [Fact]
    public void The_reference_of_errors_is_that_of_the_table() => Same("errors.md", ErrorReference.Write(), "config errors");

    [Fact]
    public void The_types_of_the_web_client_are_those_that_the_server_sends() => SameFile("web/src/wire/wire.gen.ts", WireTypes.Write(), "config wire");

    static void Same(string document, string text, string command) => SameFile($"docs/{document}", text, command);

    static void SameFile(string file, string text, string command)
    {
        var path = Repository.PathOf(file.Split('/'));
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            Assert.Fail($"{file} is not what the code says. Write it anew: ./run.sh {command} > {file}");
    }
}

using System.Text;
using Kith.Engine.Accounts;
using Kith.Server.Configuration;

namespace Kith.Server.Tests.Configuration;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Without_any_source_everything_is_at_its_default() => Assert.Equivalent(new KithOptions(), OptionsReader.Read());

    [Fact]
    public void Later_sources_overrule_earlier_ones()
    {
        var options = OptionsReader.Read(
            File("""{ "Urls": "http://localhost:1", "Data": "a", "Logging": { "Format": "Json", "Level": "Debug" } }"""),
            Variables(("KITH__Data", "b"), ("KITH__LOGGING__LEVEL", "error")),
            SettingSource.FromCommandLine("Data", "c", "--data"),
            SettingSource.FromAssignments(["Logging:Level=Critical"]));

        Assert.Equal("http://localhost:1", options.Urls);
        Assert.Equal("c", options.Data);
        Assert.Equal(LogFormat.Json, options.Logging.Format);
        Assert.Equal(LogLevel.Critical, options.Logging.Level);
    }

    [Fact]
    public void A_file_may_have_comments_trailing_commas_and_a_byte_order_mark()
    {
        var options = OptionsReader.Read(File("\uFEFF// all\n{ /* one */ \"RateLimits\": { \"Enabled\": false, }, }"));
        Assert.False(options.RateLimits.Enabled);
    }

    [Fact]
    public void A_list_is_an_array_or_one_text_or_numbered_variables()
    {
        string[] expected = ["10.0.0.0/8", "::1"];
        Assert.Equal(expected, OptionsReader.Read(File("""{ "Http": { "TrustedProxies": ["10.0.0.0/8", "::1"] } }""")).Http.TrustedProxies);
        Assert.Equal(expected, OptionsReader.Read(Variables(("KITH__Http__TrustedProxies", "10.0.0.0/8; ::1"))).Http.TrustedProxies);
        Assert.Equal(expected, OptionsReader.Read(
            File("""{ "Http": { "TrustedProxies": ["1.1.1.1", "2.2.2.2", "3.3.3.3"] } }"""),
            Variables(("KITH__Http__TrustedProxies__0", "10.0.0.0/8"), ("KITH__Http__TrustedProxies__1", "::1"))).Http.TrustedProxies);
    }

    [Fact]
    public void Null_in_a_file_means_the_default() =>
        Assert.Equal(RegistrationPolicy.Open, OptionsReader.Read(File("""{ "Accounts": { "Registration": null } }""")).Accounts.Registration);

    [Fact]
    public void Variables_of_others_are_not_read() =>
        Assert.Equivalent(new KithOptions(), OptionsReader.Read(Variables(("PATH", "/bin"), ("ASPNETCORE_URLS", "http://*:1"), ("KITHX", "1"))));

    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("1h", 3600)]
    [InlineData("0.5d", 43_200)]
    public void Durations_have_a_number_and_a_unit(string text, double seconds)
    {
        Assert.True(OptionValue.TryRead(typeof(TimeSpan), text, out var value));
        Assert.Equal(TimeSpan.FromSeconds(seconds), value);
    }

    [Theory]
    [InlineData("RateLimits:Enabled=maybe", "The option RateLimits:Enabled is \"maybe\" in --set on the command line: true or false is expected.")]
    [InlineData("Http:MaxRequestBytes=10", "The option Http:MaxRequestBytes is \"10\" in --set on the command line: it must be from 65536 to 1099511627776.")]
    [InlineData("Http:MaxRequestBytes=99999999999999999999", "The option Http:MaxRequestBytes is \"99999999999999999999\" in --set on the command line: a whole number is expected.")]
    [InlineData("Http:KeepAlive=7", "The option Http:KeepAlive is \"7\" in --set on the command line: a duration such as 250ms, 30s, 5m, 12h or 7d is expected.")]
    [InlineData("Http:KeepAlive=2h", "The option Http:KeepAlive is \"2h\" in --set on the command line: it must be from 1s to 1h.")]
    [InlineData("Logging:Level=Loud", "The option Logging:Level is \"Loud\" in --set on the command line: one of Trace, Debug, Information, Warning, Error, Critical, None is expected.")]
    [InlineData("Logging:Level=7", "The option Logging:Level is \"7\" in --set on the command line: one of Trace, Debug, Information, Warning, Error, Critical, None is expected.")]
    [InlineData("Http:TrustedProxies=10.0.0.0/8;proxy", "The option Http:TrustedProxies is \"10.0.0.0/8;proxy\" in --set on the command line: \"proxy\" is neither an address nor a network such as 10.0.0.0/8.")]
    [InlineData("Http:Certificate=a.pem", "The option Http:Certificate is \"a.pem\" in --set on the command line: a certificate and its key are given together.")]
    [InlineData("Urls=localhost:80", "The option Urls is \"localhost:80\" in --set on the command line: \"localhost:80\" is not an address such as http://localhost:8080 or https://*:443.")]
    [InlineData("Urls=https://localhost:80", "The option Urls is \"https://localhost:80\" in --set on the command line: https needs Http:Certificate and Http:CertificateKey.")]
    [InlineData("RateLimit:Enabled=1", "There is no option RateLimit:Enabled (\"1\" in --set on the command line). Is RateLimits:Enabled meant?")]
    [InlineData("Enabled=1", "There is no option Enabled (\"1\" in --set on the command line). Is Web:Enabled meant?")]
    [InlineData("Web=1", "There is no option Web (\"1\" in --set on the command line).")]
    [InlineData("Urls", "\"--set Urls\" has no value; it is written as --set Section:Option=value.")]
    public void What_cannot_be_is_refused_with_option_value_and_place(string assignment, string message) =>
        Assert.Equal(message, Assert.Throws<StartException>(() => OptionsReader.Read(SettingSource.FromAssignments([assignment]))).Message);

    [Theory]
    [InlineData("{\n  \"RateLimits\": {\n    \"Enabled\": 5 } }", "The option RateLimits:Enabled is \"5\" in kith.json line 3: true or false is expected.")]
    [InlineData("{\n  \"Nope\": true }", "There is no option Nope (\"true\" in kith.json line 2).")]
    [InlineData("{\n  \"Urls\": ", "The configuration file kith.json is not JSON: line 2, byte 11.")]
    [InlineData("[]", "The configuration file kith.json must be one JSON object.")]
    public void A_file_is_refused_with_the_line(string json, string message) =>
        Assert.Equal(message, Assert.Throws<StartException>(() => OptionsReader.Read(File(json))).Message);

    [Fact]
    public void A_variable_is_refused_by_its_name() => Assert.Equal(
        "The option RateLimits:Enabled is \"yes\" in the environment variable KITH__RateLimits__Enabled: true or false is expected.",
        Assert.Throws<StartException>(() => OptionsReader.Read(Variables(("KITH__RateLimits__Enabled", "yes")))).Message);

    [Fact]
    public void A_long_or_broken_value_stays_one_line() =>
        Assert.DoesNotContain('\n', Assert.Throws<StartException>(() => OptionsReader.Read(Variables(("KITH__Logging__Level", new string('x', 500) + "\n")))).Message);

    static SettingSource File(string json) => SettingsFile.Parse(Encoding.UTF8.GetBytes(json), "kith.json");

    static SettingSource Variables(params (string Name, string Value)[] variables) =>
        SettingSource.FromEnvironment(variables.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}

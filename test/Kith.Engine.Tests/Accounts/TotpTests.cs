using System.Text;
using Kith.Engine.Accounts;

namespace Kith.Engine.Tests.Accounts;

public sealed class TotpTests
{
    /// <summary>RFC 6238, appendix B, SHA-1: the ASCII secret "12345678901234567890", eight digits.</summary>
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void Codes_are_those_of_RFC_6238(long unixSeconds, string code)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
        Assert.Equal(code, Totp.CodeAt(Encoding.ASCII.GetBytes("12345678901234567890"), step, digits: 8));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-30, -1)]
    [InlineData(30, 1)]
    public void A_code_of_the_neighbouring_step_is_taken(int seconds, int steps)
    {
        var secret = Totp.NewSecret();
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var code = Code(secret, now.AddSeconds(seconds));
        Assert.Equal(Totp.StepAt(now) + steps, Totp.Match(secret, code, now));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void A_code_further_away_is_not(int seconds)
    {
        var secret = Totp.NewSecret();
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        Assert.Null(Totp.Match(secret, Code(secret, now.AddSeconds(seconds)), now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345é")]
    [InlineData("１２３４５６")]
    public void What_is_no_six_digits_is_no_code(string code) => Assert.Null(Totp.Match(Totp.NewSecret(), code, DateTimeOffset.UnixEpoch.AddYears(40)));

    [Fact]
    public void Secrets_have_160_bits_and_differ()
    {
        Assert.True(Base32.TryDecode(Totp.NewSecret(), out var key));
        Assert.Equal(20, key.Length);
        Assert.NotEqual(Totp.NewSecret(), Totp.NewSecret());
    }

    [Theory]
    [InlineData("JBSWY3DPEHPK3PXP", false)]
    [InlineData("JBSWY3DPEHPK3PXPJBSWY3DPEE", true)]
    [InlineData("not base 32!", false)]
    [InlineData("", false)]
    public void A_secret_is_base32_of_128_bits_or_more(string text, bool expected) => Assert.Equal(expected, Totp.IsSecret(text));

    static string Code(string secret, DateTimeOffset at)
    {
        Base32.TryDecode(secret, out var key);
        return Totp.CodeAt(key, Totp.StepAt(at));
    }
}

public sealed class Base32Tests
{
    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void It_is_that_of_RFC_4648(string text, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(text)));
        Assert.True(Base32.TryDecode(encoded, out var bytes));
        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void It_reads_what_people_type()
    {
        Assert.True(Base32.TryDecode("mzxw 6ytb-oi======", out var bytes));
        Assert.Equal("foobar", Encoding.ASCII.GetString(bytes));
        Assert.False(Base32.TryDecode("MZXW0", out _));
    }
}

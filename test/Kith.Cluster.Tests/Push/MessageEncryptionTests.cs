using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kith.Cluster.Push;
using Kith.Engine.Push;
using Kith.Testing;

namespace Kith.Cluster.Tests.Push;

public sealed class MessageEncryptionTests
{
    /// <summary>RFC 8291, appendix A.</summary>
    [Fact]
    public void The_example_of_the_RFC_comes_out_as_it_is_printed()
    {
        using var sender = Sender("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        var body = MessageEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8, Bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), Bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            sender, Bytes("DGv6ra1nlYgDCS1FRnbzlw"));
        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(body));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(41)]
    [InlineData(1000)]
    [InlineData(MessageEncryption.MaxText)]
    public async Task Every_byte_is_that_of_http_ece(int length)
    {
        var device = await WebPushReference.Ask("device");
        var text = RandomNumberGenerator.GetBytes(length);
        var salt = RandomNumberGenerator.GetBytes(16);
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var body = MessageEncryption.Encrypt(text, Bytes(device.Str("public_key")!), Bytes(device.Str("auth")!), sender, salt);
        var expected = await WebPushReference.Ask("encrypt", new
        {
            text = Base64Url.EncodeToString(text), device_key = device.Str("public_key"), auth = device.Str("auth"), salt = Base64Url.EncodeToString(salt),
            sender = Base64Url.EncodeToString(sender.ExportParameters(includePrivateParameters: true).D),
        });
        Assert.Equal(expected.GetString(), Base64Url.EncodeToString(body));
        Assert.True(body.Length <= MessageEncryption.MaxBody);
    }

    [Fact]
    public async Task A_device_reads_what_was_meant_for_it_and_no_two_bodies_are_alike()
    {
        var device = await WebPushReference.Ask("device");
        var text = Encoding.UTF8.GetBytes("Grüße 👋");
        var bodies = Enumerable.Range(0, 3).Select(_ => MessageEncryption.Encrypt(text, Bytes(device.Str("public_key")!), Bytes(device.Str("auth")!))).ToArray();
        var read = await WebPushReference.Ask(
            [.. bodies.Select(b => ("decrypt", (object?)new { body = Base64Url.EncodeToString(b), device = device.Str("private_key"), auth = device.Str("auth") }))]);
        Assert.All(read, r => Assert.Equal(text, Bytes(r.GetString()!)));
        Assert.Equal(3, bodies.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(3, bodies.Select(b => Convert.ToHexString(b, 21, P256.UncompressedLength)).Distinct().Count());
    }

    [Fact]
    public void What_does_not_fit_and_keys_that_are_none_are_refused()
    {
        using var device = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = P256.Uncompressed(device.PublicKey.ExportParameters().Q);
        Assert.Throws<ArgumentException>(() => MessageEncryption.Encrypt(new byte[MessageEncryption.MaxText + 1], key, new byte[16]));
        key[^1] ^= 1;
        Assert.Throws<ArgumentException>(() => MessageEncryption.Encrypt([], key, new byte[16]));
        Assert.Null(P256.TryImport(key));
        Assert.Null(P256.TryImport(key.AsSpan(1)));
    }

    static ECDiffieHellman Sender(string privateKey, string publicKey)
    {
        var point = Bytes(publicKey);
        return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(privateKey), Q = new ECPoint { X = point[1..33], Y = point[33..] } });
    }

    static byte[] Bytes(string base64Url) => Base64Url.DecodeFromChars(base64Url);
}

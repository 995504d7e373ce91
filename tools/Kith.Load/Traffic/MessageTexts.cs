using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kith.Load.Traffic;

/// <summary>Texts to send: words, so that a store's index and a compressor meet something like speech.</summary>
internal static class MessageTexts
{
    static readonly string[] s_words =
        "the a of to and in is it you that was for on are with as they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my no most who over know than call first people side been now find new work part take get place made live where after back little only round man year came show every good me give our under".Split(' ');

    /// <summary>Texts of one length.</summary>
    /// <param name="bytes">Length of each.</param>
    public static byte[][] OfLength(int bytes, int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => Words(bytes, random))];

    /// <summary>Texts of the lengths that chat has: half below 40 characters, a tenth above 150, at most <paramref name="most"/>.</summary>
    public static byte[][] LikeChat(int most, int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => Words(ChatLength(most, random), random))];

    public static byte[] Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();

    /// <summary>Log-normal with a median of 40.</summary>
    static int ChatLength(int most, Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (int)Math.Clamp(40 * Math.Exp(normal), 1, most);
    }

    static byte[] Words(int bytes, Random random)
    {
        var text = new StringBuilder(bytes + 8);
        while (text.Length < bytes) text.Append(s_words[random.Next(s_words.Length)]).Append(' ');
        // A text must not end in a blank: servers trim.
        return Encoding.ASCII.GetBytes(text.ToString(0, bytes - 1) + ".");
    }
}

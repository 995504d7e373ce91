using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kith.Baselines;

/// <summary>The body of <c>POST /api/v10/channels/{id}/messages</c>.</summary>
internal sealed record NewMessage(string Content, string? Nonce);

/// <summary>
/// The fields and sizes of Discord's MESSAGE_CREATE in a server channel, so that every server in a comparison writes the same number of bytes:
/// about 800 with a text of 100 characters.
/// </summary>
internal sealed record ChatMessage(string Id, string ChannelId, string Content, string? Nonce, string Timestamp)
{
    public int Type => 0;
    public bool Tts => false;
    public bool Pinned => false;
    public int Flags => 0;
    public int ChannelType => 0;
    public string? EditedTimestamp => null;
    public bool MentionEveryone => false;
    public string[] Mentions => [];
    public string[] MentionRoles => [];
    public string[] Attachments => [];
    public string[] Embeds => [];
    public string[] Components => [];
    public string GuildId => "1175928847299117063";
    public ChatAuthor Author => ChatAuthor.Sample;
    public ChatMember Member => ChatMember.Sample;
}

internal sealed record ChatAuthor(string Id, string Username, string? GlobalName)
{
    public static readonly ChatAuthor Sample = new("1175928847299117064", "load-sender-000", "Load sender");

    public string Discriminator => "0";
    public string? Avatar => null;
    public string? AvatarDecorationData => null;
    public string? PrimaryGuild => null;
    public int PublicFlags => 0;
}

internal sealed record ChatMember(string JoinedAt)
{
    public static readonly ChatMember Sample = new("2026-01-01T00:00:00.000000+00:00");

    public string[] Roles => [];
    public string? Nick => null;
    public string? Avatar => null;
    public string? Banner => null;
    public string? PremiumSince => null;
    public string? CommunicationDisabledUntil => null;
    public bool Pending => false;
    public bool Mute => false;
    public bool Deaf => false;
    public int Flags => 0;
}

[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(NewMessage))]
internal sealed partial class ChatJson : JsonSerializerContext
{
    /// <summary>Names and escapes as Discord writes them.</summary>
    public static readonly ChatJson Wire = new(Apply(new JsonSerializerOptions()));

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}

/// <summary>Makes messages whose ids grow strictly, in Discord's snowflake form. Any thread may call it.</summary>
internal sealed class MessageFactory(TimeProvider time)
{
    const long DiscordEpochMilliseconds = 1420070400000;
    long _last;

    public ChatMessage Create(string channel, NewMessage posted)
    {
        var now = time.GetUtcNow();
        var id = NextId(now.ToUnixTimeMilliseconds());
        return new(id.ToString(), channel, posted.Content, posted.Nonce, now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz"));
    }

    long NextId(long unixMilliseconds)
    {
        var wanted = (unixMilliseconds - DiscordEpochMilliseconds) << 22;
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(last + 1, wanted);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}

using System.Globalization;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>
/// Addresses of files, signed and of limited life as Discord's (<c>?ex=…&amp;is=…&amp;hm=…</c>), made anew whenever a message is read: who may read it may see its files.
/// All addresses of one half day are the same, so that what a cache has serves everyone.
/// </summary>
public sealed class MediaLinks(InstanceKey key, MediaOptions options, MediaOrigin origin, TimeProvider clock)
{
    const string Purpose = "attachment";

    /// <summary>An address lives for one and a half to two days.</summary>
    static readonly TimeSpan Step = TimeSpan.FromHours(12), Life = TimeSpan.FromHours(48);

    public string Base => options.Url.Length > 0 ? options.Url.TrimEnd('/') : origin.Url;

    public string UrlOf(ChannelId channel, AttachmentId id, string filename)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var issued = now - (now % (long)Step.TotalSeconds);
        var (ex, issue) = (Hex(issued + (long)Life.TotalSeconds), Hex(issued));
        return $"{Base}/attachments/{channel}/{id}/{Uri.EscapeDataString(filename)}?ex={ex}&is={issue}&hm={key.Sign(Purpose, Text(channel, id, ex, issue))}";
    }

    /// <summary>How long the address is still good for; null where it was altered, or is no longer.</summary>
    public TimeSpan? Remaining(ChannelId channel, AttachmentId id, string? expires, string? issued, string? signature)
    {
        if (expires is null || issued is null || signature is null || !key.IsSigned(Purpose, Text(channel, id, expires, issued), signature)) return null;
        var left = DateTimeOffset.FromUnixTimeSeconds(long.Parse(expires, NumberStyles.HexNumber, CultureInfo.InvariantCulture)) - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>A file as it is sent, with its address.</summary>
    public Attachment Sign(ChannelId channel, Attachment file)
    {
        var url = UrlOf(channel, file.Id, file.Filename);
        return file with { Url = url, ProxyUrl = url };
    }

    /// <summary>Replaces <c>attachment://name</c> by the address of that file of the same message.</summary>
    public static IReadOnlyList<Embed> Resolve(IReadOnlyList<Embed> embeds, IReadOnlyList<Attachment> files) => files.Count == 0 || embeds.Count == 0 ? embeds :
    [
        .. embeds.Select(e => e with
        {
            Image = Resolve(e.Image, files), Thumbnail = Resolve(e.Thumbnail, files), Video = Resolve(e.Video, files),
            Author = e.Author is { IconUrl: { } icon } author && Named(icon, files) is { } portrait ? author with { IconUrl = portrait.Url } : e.Author,
            Footer = e.Footer is { IconUrl: { } mark } footer && Named(mark, files) is { } found ? footer with { IconUrl = found.Url } : e.Footer,
        }),
    ];

    static EmbedMedia? Resolve(EmbedMedia? media, IReadOnlyList<Attachment> files) =>
        media?.Url is { } url && Named(url, files) is { } file ? new EmbedMedia(file.Url, file.ProxyUrl, file.Width, file.Height) : media;

    static Attachment? Named(string url, IReadOnlyList<Attachment> files) =>
        url.StartsWith("attachment://", StringComparison.Ordinal) ? files.FirstOrDefault(f => f.Filename == Uri.UnescapeDataString(url["attachment://".Length..])) : null;

    static string Hex(long seconds) => seconds.ToString("x", CultureInfo.InvariantCulture);

    static string Text(ChannelId channel, AttachmentId id, string expires, string issued) => $"{channel}/{id}/{expires}/{issued}";
}

using System.Globalization;
using Kith.Api.Http;
using Kith.Engine;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Media;

/// <summary>Which picture of a file an address asks for.</summary>
static class PictureQuery
{
    const int MaxSide = 4096, MinSize = 16;

    /// <summary><c>?width=&amp;height=&amp;format=</c>; null where it asks for the file itself.</summary>
    /// <exception cref="BadRequestException">Out of bounds.</exception>
    public static PictureSize? OfAttachment(HttpRequest request, string contentType)
    {
        var query = request.Query;
        if (!query.ContainsKey("width") && !query.ContainsKey("height") && !query.ContainsKey("format")) return null;
        var errors = new FormErrors();
        var (width, height) = (Side(errors, query, "width"), Side(errors, query, "height"));
        var format = query.TryGetValue("format", out var given) ? Format(given.ToString()) : Own(contentType);
        if (format is null) errors.Add("format", "BASE_TYPE_CHOICES", "Value must be one of ('webp', 'jpeg', 'png', 'gif', 'avif').");
        if (errors.Error is { } error) throw new BadRequestException(error);
        return new PictureSize(width, height, format!, Moves: true);
    }

    /// <summary><c>hash.ext?size=</c>; null for a name or size that there is not.</summary>
    public static (string Hash, PictureSize Size)? OfImage(HttpRequest request, string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || Format(name[(dot + 1)..]) is not { } format) return null;
        var size = 0;
        if (request.Query.TryGetValue("size", out var text) && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < MinSize or > MaxSide)) return null;
        return (name[..dot], new PictureSize(size, size, format, Moves: format == "gif" || request.Query["animated"] == "true"));
    }

    /// <summary>0 where it is absent.</summary>
    static int Side(FormErrors errors, IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var text)) return 0;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)) errors.Add(name, "NUMBER_TYPE_COERCE", "Value is not int.");
        else errors.Range(name, side, 1, MaxSide);
        return side;
    }

    static string? Format(string text) => text switch
    {
        "webp" or "jpeg" or "png" or "gif" or "avif" => text,
        "jpg" => "jpeg",
        _ => null,
    };

    /// <summary>That of the file; of a film, or of what not every browser shows, one that all know.</summary>
    static string Own(string contentType) => FileTypes.IsImage(contentType) ? Format(contentType["image/".Length..]) ?? "webp" : "webp";
}

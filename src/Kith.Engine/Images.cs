namespace Kith.Engine;

/// <summary>Avatars, banners and icons that come as data URIs. Keeping them is the media's part; until a request can reach it, null clears and anything else is refused.</summary>
static class Images
{
    public static void Refuse(FormErrors errors, string path) => errors.Add(path, "IMAGE_INVALID", "This server does not take images.");
}

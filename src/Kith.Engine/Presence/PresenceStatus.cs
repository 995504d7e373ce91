namespace Kith.Engine.Presence;

/// <summary>How present a session is, from least to most: of several sessions the most present one speaks for the user.</summary>
public enum PresenceStatus : byte
{
    Offline,

    /// <summary>Connected, but shown as offline.</summary>
    Invisible,
    Idle,
    Online,

    /// <summary>Do not disturb: said by one device, it holds for all.</summary>
    Dnd,
}

/// <summary>Where a session runs, as <c>client_status</c> tells it.</summary>
public enum ClientKind : byte
{
    Web,
    Desktop,
    Mobile,
}

public static class PresenceNames
{
    /// <summary>False for anything that is not one of Discord's five words. A client that says offline means invisible: it is connected.</summary>
    public static bool TryParse(string? name, out PresenceStatus status)
    {
        (var known, status) = name switch
        {
            "online" => (true, PresenceStatus.Online),
            "idle" => (true, PresenceStatus.Idle),
            "dnd" => (true, PresenceStatus.Dnd),
            "invisible" or "offline" => (true, PresenceStatus.Invisible),
            _ => (false, PresenceStatus.Online),
        };
        return known;
    }

    /// <summary>As others see it.</summary>
    public static string ToWire(this PresenceStatus status) => status switch
    {
        PresenceStatus.Online => "online",
        PresenceStatus.Idle => "idle",
        PresenceStatus.Dnd => "dnd",
        _ => "offline",
    };

    /// <summary>From IDENTIFY's properties; what is not known as an app or a phone is the web, as Discord shows bots.</summary>
    public static ClientKind KindOf(string? os, string? browser)
    {
        if (Says(browser, "mobile") || Says(browser, "android") || Says(browser, "ios") || Says(os, "android") || string.Equals(os, "ios", StringComparison.OrdinalIgnoreCase))
            return ClientKind.Mobile;
        return Says(browser, "client") || Says(browser, "desktop") || Says(browser, "electron") ? ClientKind.Desktop : ClientKind.Web;
    }

    static bool Says(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}

using Kith.Domain;
using Kith.Engine.Media;

namespace Kith.Engine.Guilds;

/// <summary>A guild's own pictures: kept before a form is applied, settled after.</summary>
public sealed class GuildPictures(OwnedImages images)
{
    public static bool IsIn(GuildForm form) => form.Icon.HasValue || form.Banner.HasValue || form.Splash.HasValue || form.DiscoverySplash.HasValue;

    /// <summary>The form with hashes in place of pictures.</summary>
    public async Task<Result<GuildForm>> KeepAsync(GuildId guild, GuildForm form, CancellationToken ct)
    {
        var id = guild.Value;
        if (!(await images.KeepAsync(ImageKind.GuildIcon, id, "icon", form.Icon, ct)).Ok(out var icon, out var error)) return error;
        if (!(await images.KeepAsync(ImageKind.GuildBanner, id, "banner", form.Banner, ct)).Ok(out var banner, out error)) return error;
        if (!(await images.KeepAsync(ImageKind.GuildSplash, id, "splash", form.Splash, ct)).Ok(out var splash, out error)) return error;
        if (!(await images.KeepAsync(ImageKind.GuildDiscoverySplash, id, "discovery_splash", form.DiscoverySplash, ct)).Ok(out var discovery, out error)) return error;
        return form with { Icon = icon, Banner = banner, Splash = splash, DiscoverySplash = discovery };
    }

    /// <summary>After the guild is gone.</summary>
    public async Task ForgetAsync(GuildSnapshot guild, CancellationToken ct)
    {
        await SettleAsync(new GuildRecord { Id = guild.Id, Name = "", OwnerId = default }, ct);
        foreach (var emoji in guild.Emojis)
            await images.SettleAsync(ImageKind.Emoji, emoji.Id.Value, null, ct);
        foreach (var sticker in guild.Stickers)
            await images.SettleAsync(ImageKind.Sticker, sticker.Id.Value, null, ct);
    }

    /// <summary>What the guild does not show (any more) goes.</summary>
    public async Task SettleAsync(GuildRecord guild, CancellationToken ct)
    {
        var id = guild.Id.Value;
        await images.SettleAsync(ImageKind.GuildIcon, id, guild.Icon, ct);
        await images.SettleAsync(ImageKind.GuildBanner, id, guild.Settings.Banner, ct);
        await images.SettleAsync(ImageKind.GuildSplash, id, guild.Settings.Splash, ct);
        await images.SettleAsync(ImageKind.GuildDiscoverySplash, id, guild.Settings.DiscoverySplash, ct);
    }
}

using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Changes of oneself, pictures included.</summary>
public sealed class ProfilePictures(Profiles profiles, OwnedImages images)
{
    public async Task<Result<SelfUser>> UpdateAsync(Principal me, ProfileForm form, ClientInfo client, CancellationToken ct)
    {
        if (!form.Avatar.HasValue && !form.Banner.HasValue) return await profiles.UpdateAsync(me, form, client, ct);
        var errors = Profiles.Check(me, form);
        OwnedImages.Check(errors, "avatar", form.Avatar);
        OwnedImages.Check(errors, "banner", form.Banner);
        if (errors.Error is { } wrong) return wrong;
        var owner = me.Id.Value;
        if (!(await images.KeepAsync(ImageKind.Avatar, owner, "avatar", form.Avatar, ct)).Ok(out var avatar, out var error)) return error;
        if (!(await images.KeepAsync(ImageKind.UserBanner, owner, "banner", form.Banner, ct)).Ok(out var banner, out error)) return error;
        var result = await profiles.UpdateAsync(me, form with { Avatar = avatar, Banner = banner }, client, ct);
        // Of the old and the new only what the user has now stays, whichever that is.
        var user = result.Ok(out var saved, out _) ? saved : me.User.ToSelfWire();
        await images.SettleAsync(ImageKind.Avatar, owner, user.Avatar, CancellationToken.None);
        await images.SettleAsync(ImageKind.UserBanner, owner, user.Banner, CancellationToken.None);
        return result;
    }
}

using Kith.Api.Http;
using Kith.Engine.Accounts;

namespace Kith.Api.Accounts;

/// <summary>/users/@me/mfa.</summary>
sealed class TwoFactorEndpoints(TwoFactor twoFactor, Tokens tokens) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/users/@me/mfa/totp/enable", EnableAsync);
        routes.Post("/users/@me/mfa/totp/disable", DisableAsync);
        routes.Post("/users/@me/mfa/codes", CodesAsync);
    }

    async Task<Reply> EnableAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<EnableBody>();
        if (body.Secret is null) return Reply.From(TwoFactor.Offer(r.Principal));
        var result = await twoFactor.EnableAsync(r.Principal, body.Secret, body.Code ?? "", body.Password ?? "", r.Client().Address, r.Aborted);
        return result.Ok(out var codes, out var error) ? Reply.Json(new EnabledReply(TokenOf(r), codes)) : error;
    }

    async Task<Reply> DisableAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<DisableBody>();
        var result = await twoFactor.DisableAsync(r.Principal, body.Code, body.Password, r.Client().Address, r.Aborted);
        return result.Error is { } error ? error : Reply.Json(new DisabledReply(TokenOf(r)));
    }

    async Task<Reply> CodesAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<CodesBody>();
        var result = await twoFactor.CodesAsync(r.Principal, body.Password ?? "", body.Regenerate, r.Client().Address, r.Aborted);
        return result.Ok(out var codes, out var error) ? Reply.Json(new CodesReply(codes)) : error;
    }

    /// <summary>The login that asks goes on.</summary>
    string TokenOf(ApiRequest r) => tokens.Mint(r.Principal.Id, r.Principal.Session);

    sealed record EnableBody(string? Secret = null, string? Code = null, string? Password = null);

    sealed record DisableBody(string? Code = null, string? Password = null);

    sealed record CodesBody(string? Password = null, bool Regenerate = false);

    sealed record EnabledReply(string Token, IReadOnlyList<BackupCode> BackupCodes);

    sealed record DisabledReply(string Token);

    sealed record CodesReply(IReadOnlyList<BackupCode> BackupCodes);
}

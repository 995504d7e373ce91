using Kith.Api.Http;
using Kith.Engine.Accounts;

namespace Kith.Api.Accounts;

/// <summary>What a visitor may know before logging in: whether this instance is new, and who may make an account.</summary>
sealed class InstanceEndpoints(ICredentialStore credentials, AccountOptions options) : IEndpoints
{
    public void Map(ApiRoutes routes) => routes.Get("/instance", AnswerAsync, RouteTraits.Anonymous);

    async Task<Reply> AnswerAsync(ApiRequest r)
    {
        var policy = options.Registration switch { RegistrationPolicy.Open => "open", RegistrationPolicy.Invite => "invite", _ => "closed" };
        return Reply.Json(new InstanceReply(policy, IsNew: !await credentials.HasAdminAsync(r.Aborted)));
    }

    sealed record InstanceReply(string Registration, bool IsNew);
}

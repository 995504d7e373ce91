using System.Text.Json.Serialization;
using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Push;

namespace Kith.Api.Push;

/// <summary>/push and /users/@me/push-subscriptions: the devices on which someone wants to be notified.</summary>
sealed class PushEndpoints(PushSubscriptions subscriptions, VapidKeys keys) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/push/vapid-public-key", async r => Reply.Json(new KeyReply((await keys.GetAsync(r.Aborted)).PublicKey)));
        routes.Get("/users/@me/push-subscriptions", async r => Reply.Json((await subscriptions.OfAsync(r.Principal, r.Aborted)).Select(s => SubscriptionReply.Of(s, r.Principal.Session))));
        routes.Post("/users/@me/push-subscriptions", CreateAsync);
        routes.Delete("/users/@me/push-subscriptions", async r => Reply.From(await subscriptions.RemoveAsync(r.Principal, (await r.BodyAsync<AddressBody>()).Address, r.Aborted)));
        routes.Delete("/users/@me/push-subscriptions/{subscription_id}", async r =>
            Reply.From(await subscriptions.RemoveAsync(r.Principal, r.Id<PushSubscriptionId>("subscription_id"), r.Aborted)));
    }

    async Task<Reply> CreateAsync(ApiRequest r)
    {
        var added = await subscriptions.AddAsync(r.Principal, await r.BodyAsync<PushSubscriptionForm>(), r.Aborted);
        if (!added.Ok(out var subscription, out var refused)) return refused;
        // Only this once: whoever can read the list later must not be able to sign as this server.
        var secret = subscription.Kind == PushKind.Webhook ? $"whsec_{Convert.ToBase64String(subscription.Secret!)}" : null;
        return Reply.Json(SubscriptionReply.Of(subscription, r.Principal.Session) with { Secret = secret }, status: 201);
    }

    sealed record KeyReply(string PublicKey);

    sealed record AddressBody(string? Endpoint = null, string? Token = null)
    {
        public string? Address => Endpoint ?? Token;
    }

    /// <param name="Current">Registered by the login that asks.</param>
    sealed record SubscriptionReply(PushSubscriptionId Id, string Kind, string Endpoint, DateTimeOffset CreatedAt, bool Current)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Secret { get; init; }

        public static SubscriptionReply Of(PushSubscription s, AuthSessionId session) =>
            new(s.Id, s.Kind.ToString().ToLowerInvariant(), s.Address, s.CreatedAt, s.SessionId == session);
    }
}

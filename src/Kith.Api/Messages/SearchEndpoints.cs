using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Api.Messages;

/// <summary>Search in a guild, and, as Discord's user client has it, in one channel.</summary>
sealed class SearchEndpoints(Access access, MessageSearch search) : IEndpoints
{
    /// <summary>Characters; Discord's bound.</summary>
    const int MaxContent = 1024;
    const int MaxFilters = 100;

    static readonly string[] Kinds = ["link", "embed", "file", "image", "video", "sound", "sticker", "poll", "snapshot"];

    public void Map(ApiRoutes routes)
    {
        routes.Get("/guilds/{guild_id}/messages/search", InGuildAsync);
        routes.Get("/channels/{channel_id}/messages/search", InChannelAsync);
    }

    async Task<Reply> InGuildAsync(ApiRequest request)
    {
        if (!(await access.GuildAsync(request.Principal, request.Id<GuildId>("guild_id"), request.Aborted)).Ok(out var guild, out var error)) return error;
        if (!Read(request).Ok(out var query, out error)) return error;
        return Answer(await search.InGuildAsync(guild, query, request.Aborted));
    }

    async Task<Reply> InChannelAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted, Permissions.ReadMessageHistory)).Ok(out var channel, out var error)) return error;
        if (!Read(request).Ok(out var query, out error)) return error;
        return Answer(await search.InChannelAsync(channel, query, request.Aborted));
    }

    static Reply Answer(SearchAnswer? answer) => answer is null
        ? Reply.Json(new { message = "Index not yet available. Try again later", code = 110000, documents_indexed = 0, retry_after = 1 }, 202)
        : Reply.Json(answer);

    static Result<SearchQuery> Read(ApiRequest request)
    {
        var errors = new FormErrors();
        var content = request.Query("content") ?? "";
        errors.Length("content", content, 0, MaxContent);
        var has = Values(request, "has", errors);
        foreach (var kind in has.Where(k => !Kinds.Contains(k)))
            errors.Add("has", "BASE_TYPE_CHOICES", $"Value must be one of ({string.Join(", ", Kinds.Select(k => $"'{k}'"))}).");
        var query = new SearchQuery
        {
            Content = content,
            Channels = Ids<ChannelId>(request, "channel_id", errors),
            Authors = Ids<UserId>(request, "author_id", errors),
            Mentions = Ids<UserId>(request, "mentions", errors),
            MentionsEveryone = request.Query("mention_everyone") is null ? null : request.QueryFlag("mention_everyone"),
            Pinned = request.Query("pinned") is null ? null : request.QueryFlag("pinned"),
            Has = has,
            MinId = request.QueryId<MessageId>("min_id"),
            MaxId = request.QueryId<MessageId>("max_id"),
            Offset = request.QueryInt("offset", 0, 0, MessageSearch.MaxOffset),
            Limit = request.QueryInt("limit", MessageSearch.MaxPage, 1, MessageSearch.MaxPage),
            OldestFirst = request.Query("sort_order") == "asc",
        };
        return errors.Error is { } error ? error : query;
    }

    static string[] Values(ApiRequest request, string name, FormErrors errors)
    {
        var values = request.Http.Request.Query[name].OfType<string>().Where(v => v.Length > 0).ToArray();
        if (values.Length > MaxFilters) errors.Add(name, "BASE_TYPE_MAX_LENGTH", $"Must be {MaxFilters} or fewer in length.");
        return values;
    }

    static T[] Ids<T>(ApiRequest request, string name, FormErrors errors)
        where T : struct, ISnowflakeId<T>
    {
        List<T> ids = [];
        foreach (var value in Values(request, name, errors))
        {
            if (Snowflake.TryParse(value, out var id)) ids.Add(T.From(id));
            else errors.Add(name, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
        }

        return [.. ids];
    }
}

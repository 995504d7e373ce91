using System.Diagnostics;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Activity = System.Diagnostics.Activity;

namespace Kith.Api.Http;

/// <summary>A group of endpoints about one resource. Registered in the container, mapped once at start.</summary>
public interface IEndpoints
{
    void Map(ApiRoutes routes);
}

/// <summary>How an endpoint is called.</summary>
[Flags]
public enum RouteTraits
{
    None = 0,

    /// <summary>Callable without a token.</summary>
    Anonymous = 1,
}

/// <summary>
/// Maps endpoints under /api/v10 and /api/v9, and is the one place where a request is authenticated, counted against its rate limits, called, and answered.
/// </summary>
public sealed partial class ApiRoutes(IEndpointRouteBuilder app, Tokens tokens, RateLimits limits, IEventLog events, ILogger<ApiRoutes> log)
{
    static readonly string[] Prefixes = ["/api/v10", "/api/v9"];

    public void Get(string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits = RouteTraits.None) => Map("GET", path, endpoint, traits);

    public void Post(string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits = RouteTraits.None) => Map("POST", path, endpoint, traits);

    public void Put(string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits = RouteTraits.None) => Map("PUT", path, endpoint, traits);

    public void Patch(string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits = RouteTraits.None) => Map("PATCH", path, endpoint, traits);

    public void Delete(string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits = RouteTraits.None) => Map("DELETE", path, endpoint, traits);

    public void Map(string method, string path, Func<ApiRequest, Task<Reply>> endpoint, RouteTraits traits)
    {
        var (name, bucket) = ($"{method} {path}", limits.BucketOf(method, path));
        foreach (var prefix in Prefixes)
            app.MapMethods(prefix + path, [method], http => TraceAsync(http, name, AnswerAsync(http, endpoint, bucket, traits)));
    }

    /// <summary>Says in the framework's span, where the request is traced, which endpoint it was for and how it was answered.</summary>
    static Task TraceAsync(HttpContext http, string name, Task answer) => Activity.Current is { Recorded: true } span ? DescribeAsync(span, http, name, answer) : answer;

    static async Task DescribeAsync(Activity span, HttpContext http, string name, Task answer)
    {
        span.DisplayName = name;
        await answer;
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    }

    async Task AnswerAsync(HttpContext http, Func<ApiRequest, Task<Reply>> endpoint, RateLimitBucket bucket, RouteTraits traits)
    {
        var ct = http.RequestAborted;
        Reply reply;
        try
        {
            reply = await limits.RefuseAddressAsync(http, bucket) is { } refusal ? refusal : await CallAsync(http, endpoint, bucket, traits);
        }
        catch (BadRequestException e)
        {
            reply = e.Error;
        }
        catch (BadHttpRequestException e)
        {
            reply = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ErrorCode.RequestTooLarge,
                StatusCodes.Status408RequestTimeout => ErrorCode.UploadTooSlow,
                _ => ErrorCode.InvalidJson,
            };
        }
        catch (UnavailableException e)
        {
            LogUnavailable(e, e.Dependency, http.Request.Method, http.Request.Path);
            reply = ErrorCode.Unavailable;
        }
        catch (IdsUnavailableException e)
        {
            LogNoIds(e, http.Request.Method, http.Request.Path);
            reply = ErrorCode.Unavailable;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            LogFailed(e, http.Request.Method, http.Request.Path);
            reply = ErrorCode.General;
        }

        await limits.CountAnswerAsync(http, reply);
        await reply.WriteAsync(http.Response, ct);
    }

    async Task<Reply> CallAsync(HttpContext http, Func<ApiRequest, Task<Reply>> endpoint, RateLimitBucket bucket, RouteTraits traits)
    {
        var token = http.Request.Headers.Authorization.ToString();
        Principal? principal = null;
        Error? stranger = null;
        if (!traits.HasFlag(RouteTraits.Anonymous) || token.Length > 0)
            (await tokens.AuthenticateAsync(token, http.RequestAborted)).Ok(out principal, out stranger);

        // Whoever is not known is counted by address, and told what is left, as everyone else.
        if (await limits.TakeAsync(http, bucket, principal) is { } limited) return limited;
        if (stranger is not null && !traits.HasFlag(RouteTraits.Anonymous)) return stranger;
        // What changes something tells of it; what cannot be told must not be done.
        if (principal is not null && !HttpMethods.IsGet(http.Request.Method)) events.RefuseIfAway();
        return await endpoint(new ApiRequest(http, principal));
    }

    [LoggerMessage(3100, LogLevel.Error, "{Method} {Path} failed")]
    partial void LogFailed(Exception e, string method, PathString path);

    [LoggerMessage(3102, LogLevel.Error, "No ids are minted: {Method} {Path} answered 503")]
    partial void LogNoIds(Exception e, string method, PathString path);

    [LoggerMessage(3101, LogLevel.Warning, "{Dependency} is away: {Method} {Path} answered 503")]
    partial void LogUnavailable(Exception e, string dependency, string method, PathString path);
}

using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kith.Api.Media;

/// <summary>A group of addresses outside the API, at Discord's CDN paths: without tokens, for what is in an address decides. Registered in the container, mapped once at start.</summary>
public interface IMediaEndpoints
{
    void Map(MediaRoutes routes);
}

/// <summary>Maps media's addresses, and turns what goes wrong into HTTP, as <see cref="ApiRoutes"/> does for the API.</summary>
public sealed partial class MediaRoutes(IEndpointRouteBuilder app, ILogger<MediaRoutes> log)
{
    static readonly string[] Reading = ["GET", "HEAD"];

    public void Get(string path, Func<HttpContext, Task> endpoint) => Map(Reading, path, endpoint);

    public void Map(IEnumerable<string> methods, string path, Func<HttpContext, Task> endpoint) => app.MapMethods(path, methods, http => AnswerAsync(http, endpoint));

    /// <summary>A snowflake from the path; false leads to 404.</summary>
    public static bool TryId(HttpContext http, string name, out long id) => Snowflake.TryParse(http.Request.RouteValues[name] as string, out id);

    public static Task RefuseAsync(HttpContext http, Reply reply) => reply.WriteAsync(http.Response, http.RequestAborted);

    async Task AnswerAsync(HttpContext http, Func<HttpContext, Task> endpoint)
    {
        try
        {
            await endpoint(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Who asked is gone.
        }
        catch (Exception e)
        {
            if (e is not BadHttpRequestException and not BadRequestException) LogFailed(e, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted) http.Abort();
            else await RefuseAsync(http, ReplyTo(e));
        }
    }

    static Reply ReplyTo(Exception e) => e switch
    {
        BadRequestException { Error: var error } => error,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ErrorCode.FileTooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => ErrorCode.UploadTooSlow,
        BadHttpRequestException => ErrorCode.InvalidFormBody,
        UnavailableException => ErrorCode.Unavailable,
        _ => ErrorCode.General,
    };

    [LoggerMessage(3200, LogLevel.Warning, "{Method} {Path} failed")]
    partial void LogFailed(Exception e, string method, PathString path);
}

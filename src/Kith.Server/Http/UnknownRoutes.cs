using Kith.Api.Http;
using Kith.Protocol;

namespace Kith.Server.Http;

/// <summary>Answers what no endpoint takes, in Discord's format: 404, 405, and 50041 for versions of the API that do not exist here.</summary>
sealed class UnknownRoutes(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is null)
        {
            Reply reply = IsOtherVersion(http.Request.Path) ? ErrorCode.InvalidApiVersion : ErrorCode.NotFound;
            await reply.WriteAsync(http.Response, http.RequestAborted);
            return;
        }

        await next(http);
        // Routing's own endpoint for a known path with another method says which there are, but nothing in the body.
        if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
            await ((Reply)ErrorCode.MethodNotAllowed).WriteAsync(http.Response, http.RequestAborted);
    }

    static bool IsOtherVersion(PathString path)
    {
        if (!path.StartsWithSegments("/api", out var rest) || rest.Value is not { Length: > 2 } text || text[1] != 'v') return false;
        var version = text.AsSpan(2);
        if (version.IndexOf('/') is >= 0 and var slash) version = version[..slash];
        return version is not "10" and not "9" && version.Length is > 0 and <= 3 && version.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}

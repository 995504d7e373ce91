namespace Kith.Server.Http;

/// <summary>What every reply says to browsers: believe the content type, and tell no other site where one came from.</summary>
sealed class ResponseHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(http);
    }
}

using Microsoft.Net.Http.Headers;

namespace Kith.Server.Http;

/// <summary>
/// Serves the built web client: its files at their paths, and index.html for every other address that a browser opens and no endpoint takes, since the
/// client routes by itself. Upgrade requests go on to the gateway, which answers at the same paths.
/// </summary>
sealed class WebClientMiddleware(RequestDelegate next, WebClientFiles files)
{
    /// <summary>Scripts from here only. Pictures and connections may go elsewhere: avatars, embeds, other gateway nodes.</summary>
    const string ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; "
        + "connect-src 'self' ws: wss: http: https:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        var file = Choose(http);
        return file is not null && File.Exists(file.Path) ? SendAsync(http, file) : next(http);
    }

    WebClientFile? Choose(HttpContext http)
    {
        var request = http.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || request.Headers.ContainsKey(HeaderNames.Upgrade)) return null;
        var path = request.Path.Value ?? "/";
        if (files.Find(path) is { } file) return file;
        var isPage = http.GetEndpoint() is null && !path.StartsWith("/api", StringComparison.Ordinal) && !Path.HasExtension(path)
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        return isPage ? files.Index : null;
    }

    static async Task SendAsync(HttpContext http, WebClientFile file)
    {
        var headers = http.Response.Headers;
        var encoding = Encoding(http.Request, file);
        var tag = $"\"{file.Tag}{(encoding is null ? "" : "-" + encoding)}\"";
        headers.CacheControl = file.CacheControl;
        headers.ETag = tag;
        if (file.HasBrotli || file.HasGzip) headers.Vary = HeaderNames.AcceptEncoding;
        if (file.IsHtml) headers.ContentSecurityPolicy = ContentSecurityPolicy;
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (encoding is not null) headers.ContentEncoding = encoding;
        var path = file.Path + encoding switch { "br" => ".br", "gzip" => ".gz", _ => "" };
        http.Response.ContentType = file.ContentType;
        http.Response.ContentLength = new FileInfo(path).Length;
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.SendFileAsync(path, http.RequestAborted);
    }

    /// <summary>The best that both have; null for the file as it is.</summary>
    static string? Encoding(HttpRequest request, WebClientFile file)
    {
        if (!file.HasBrotli && !file.HasGzip) return null;
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return file.HasBrotli && accepted.Any(e => e.Value == "br" && e.Quality is not 0) ? "br"
            : file.HasGzip && accepted.Any(e => e.Value == "gzip" && e.Quality is not 0) ? "gzip"
            : null;
    }
}

using Kith.Engine.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kith.Api.Http;

/// <summary>What an upload may be that other bodies may not.</summary>
static class BodyLimits
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Larger than other bodies, but not slower: who sends a byte a minute holds a connection for nothing.</summary>
    public static void Raise(HttpContext http, long bytes, MediaOptions options)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = bytes;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = new MinDataRate(options.SlowestUpload, Grace);
    }
}

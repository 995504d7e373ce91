using Kith.Api.Http;
using Kith.Api.Media;

namespace Kith.Server.Composition;

static class ApiComposition
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<RateLimits>().AddSingleton<MessageBodies>();
        Add<IEndpoints>(services);
        Add<IMediaEndpoints>(services);
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        var routes = ActivatorUtilities.CreateInstance<ApiRoutes>(app.Services, (IEndpointRouteBuilder)app);
        foreach (var endpoints in app.Services.GetServices<IEndpoints>())
            endpoints.Map(routes);
        var media = ActivatorUtilities.CreateInstance<MediaRoutes>(app.Services, (IEndpointRouteBuilder)app);
        foreach (var endpoints in app.Services.GetServices<IMediaEndpoints>())
            endpoints.Map(media);
    }

    static void Add<T>(IServiceCollection services)
        where T : class
    {
        foreach (var type in typeof(T).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(T))))
            services.AddSingleton(typeof(T), type);
    }
}

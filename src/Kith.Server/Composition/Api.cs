using Kith.Api.Http;

namespace Kith.Server.Composition;

static class ApiComposition
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<RateLimits>();
        foreach (var type in typeof(IEndpoints).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IEndpoints))))
            services.AddSingleton(typeof(IEndpoints), type);
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        var routes = ActivatorUtilities.CreateInstance<ApiRoutes>(app.Services, (IEndpointRouteBuilder)app);
        foreach (var endpoints in app.Services.GetServices<IEndpoints>())
            endpoints.Map(routes);
    }
}

namespace Kith.Server.Composition;

static class OptionsComposition
{
    /// <summary>The options and each of their sections, by its own type: a feature asks for its section and knows no other.</summary>
    public static IServiceCollection AddOptionRecords(this IServiceCollection services, KithOptions options)
    {
        foreach (var section in options.Sections())
            services.AddSingleton(section.GetType(), section);
        return services;
    }
}

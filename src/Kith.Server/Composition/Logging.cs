using Microsoft.Extensions.Logging.Console;

namespace Kith.Server.Composition;

static class LoggingComposition
{
    const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static void AddLogging(this WebApplicationBuilder builder, LoggingOptions options)
    {
        builder.Logging.SetMinimumLevel(options.Level);
        // What the framework says about each request we say ourselves, or not at all.
        builder.Logging.AddFilter("Microsoft", options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning);
        // A port in use is said in one line by us.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.Format == LogFormat.Json)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = Timestamp.TrimEnd();
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(simple =>
            {
                simple.UseUtcTimestamp = true;
                simple.TimestampFormat = Timestamp;
                simple.SingleLine = true;
            });
        }
    }
}

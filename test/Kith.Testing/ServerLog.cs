using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kith.Testing;

/// <summary>Keeps what the server logs; a test that fails can show it, and errors that nobody expected fail the run.</summary>
public sealed class ServerLog : ILoggerProvider
{
    readonly ConcurrentQueue<Entry> entries = new();

    public sealed record Entry(LogLevel Level, string Category, EventId Id, string Text, Exception? Exception)
    {
        public override string ToString() => $"{Level} {Category}[{Id.Id}] {Text}{(Exception is null ? "" : $"\n{Exception}")}";
    }

    public IReadOnlyCollection<Entry> Entries => entries;

    public IEnumerable<Entry> Errors => entries.Where(e => e.Level >= LogLevel.Error);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, entries);

    public void Dispose()
    {
        // Read after the server has ended.
    }

    sealed class Logger(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) entries.Enqueue(new Entry(logLevel, category, eventId, formatter(state, exception), exception));
        }
    }
}

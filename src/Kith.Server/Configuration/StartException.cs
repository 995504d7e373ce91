namespace Kith.Server.Configuration;

/// <summary>Why <c>kith</c> cannot do what it was started for, in one line for the person who started it. Caught in one place: exit code 2.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);

using System.Diagnostics.CodeAnalysis;
using Kith.Protocol;

namespace Kith.Engine;

/// <summary>Why something expected did not happen. Turned into an HTTP reply or a close code in one place each.</summary>
/// <param name="Fields">For <see cref="ErrorCode.InvalidFormBody"/>: what is wrong with which field.</param>
/// <param name="RetryAfter">For rate limits: how long to wait.</param>
public sealed record Error(ErrorCode Code, IReadOnlyList<FieldError>? Fields = null, TimeSpan? RetryAfter = null)
{
    public static implicit operator Error(ErrorCode code) => new(code);

    public static Error Form(string path, string code, string message) => new(ErrorCode.InvalidFormBody, [new(path, code, message)]);
}

/// <summary>One wrong field. <paramref name="Path"/> is dotted, with numbers for array items: <c>embeds.0.title</c>.</summary>
/// <param name="Code">Discord's, such as BASE_TYPE_REQUIRED or BASE_TYPE_BAD_LENGTH.</param>
public sealed record FieldError(string Path, string Code, string Message);

/// <summary>A value, or the reason why there is none.</summary>
public readonly struct Result<T>
{
    readonly T? value;
    readonly Error? error;

    Result(T? value, Error? error) => (this.value, this.error) = (value, error);

    public bool Ok([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Error? error)
    {
        (value, error) = (this.value, this.error);
        return error is null;
    }

    /// <summary>The error, or null where there is a value.</summary>
    public Error? Error => error;

    /// <summary>The value; an exception where there is an error.</summary>
    public T Value => error is null ? value! : throw new InvalidOperationException($"Refused with {error.Code}.");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public static implicit operator Result<T>(ErrorCode code) => new(default, code);
}

/// <summary>The value of a <see cref="Result{T}"/> that has none: done, nothing to return.</summary>
public readonly record struct Done
{
    public static readonly Done Instance;
}

/// <summary>Collects what is wrong with a request's fields, so that the sender learns all of it at once.</summary>
public sealed class FormErrors
{
    readonly List<FieldError> fields = [];

    public void Add(string path, string code, string message) => fields.Add(new(path, code, message));

    /// <summary>Length in UTF-16 units, as Discord counts; null counts as absent and passes.</summary>
    public void Length(string path, string? text, int min, int max)
    {
        if (text is not null && (text.Length < min || text.Length > max))
            Add(path, "BASE_TYPE_BAD_LENGTH", max == int.MaxValue ? $"Must be at least {min} in length." : $"Must be between {min} and {max} in length.");
    }

    public void Range(string path, long? number, long min, long max)
    {
        if (number < min) Add(path, "NUMBER_TYPE_MIN", $"int value should be greater than or equal to {min}.");
        else if (number > max) Add(path, "NUMBER_TYPE_MAX", $"int value should be less than or equal to {max}.");
    }

    public void Required(string path, object? value)
    {
        if (value is null or "") Add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    public void Require(bool condition, string path, string code, string message)
    {
        if (!condition) Add(path, code, message);
    }

    /// <summary>The error that names them all; null where there is none.</summary>
    public Error? Error => fields.Count == 0 ? null : new Error(ErrorCode.InvalidFormBody, fields);
}

using System.Net.Http.Headers;
using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Xunit;

namespace Kith.Testing;

/// <summary>One answer of the server, read whole, and what tests usually claim about one.</summary>
public sealed record ApiReply(string Request, int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    JsonElement? json;

    /// <summary>The body as JSON; undefined where there is none.</summary>
    public JsonElement Json => json ??= Text.Length == 0 ? default : JsonDocument.Parse(Text).RootElement;

    /// <summary>Any 2xx.</summary>
    public JsonElement Ok()
    {
        if (Status is < 200 or > 299) Assert.Fail($"{Request} was refused with {Status}: {Text}");
        return Json;
    }

    public JsonElement Ok(int status)
    {
        if (Status != status) Assert.Fail($"{Request} answered {Status}, not {status}: {Text}");
        return Json;
    }

    /// <summary>The refusal with exactly this code and its status.</summary>
    public JsonElement Refused(ErrorCode code)
    {
        var expected = ErrorText.Of(code);
        if (Status != expected.Status || Json.ValueKind != JsonValueKind.Object || Json.Int("code") != expected.Number)
            Assert.Fail($"{Request} should have been refused with {expected.Status} {expected.Number} ({code}), but answered {Status}: {Text}");
        return Json;
    }

    /// <summary>A refusal of the form (50035) whose tree has an error at the dotted path, such as <c>embeds.0.title</c>; returns that error's code.</summary>
    public string RefusedField(string path)
    {
        var node = Refused(ErrorCode.InvalidFormBody).GetProperty("errors");
        foreach (var step in path.Split('.'))
        {
            if (!node.TryGetProperty(step, out node))
                Assert.Fail($"{Request}: no error at {path}: {Text}");
        }

        return node.GetProperty("_errors")[0].Str("code")!;
    }

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}

/// <summary>Short ways into JSON.</summary>
public static class JsonReading
{
    public static T Id<T>(this JsonElement json, string property = "id")
        where T : struct, ISnowflakeId<T> => Snowflake.TryParse(json.GetProperty(property).GetString(), out var id)
            ? T.From(id) : throw new FormatException($"{property} is no id in {json}");

    /// <summary>Null where the id is null or absent.</summary>
    public static T? IdOrNull<T>(this JsonElement json, string property)
        where T : struct, ISnowflakeId<T> =>
        json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? json.Id<T>(property) : null;

    public static string? Str(this JsonElement json, string property) => json.TryGetProperty(property, out var value) ? value.GetString() : null;

    public static int Int(this JsonElement json, string property) => json.GetProperty(property).GetInt32();

    public static bool Bool(this JsonElement json, string property) => json.GetProperty(property).GetBoolean();

    public static IReadOnlyList<JsonElement> Items(this JsonElement json) => [.. json.EnumerateArray()];

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string property) => [.. json.GetProperty(property).EnumerateArray()];

    public static IReadOnlyList<T> Ids<T>(this IEnumerable<JsonElement> items, string property = "id")
        where T : struct, ISnowflakeId<T> => [.. items.Select(i => i.Id<T>(property))];
}

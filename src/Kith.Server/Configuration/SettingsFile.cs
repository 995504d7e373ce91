using System.Text;
using System.Text.Json;

namespace Kith.Server.Configuration;

/// <summary>Reads the file of <c>--config</c>: JSON, with comments and trailing commas.</summary>
public static class SettingsFile
{
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    /// <exception cref="StartException">The file cannot be read or is not JSON.</exception>
    public static SettingSource Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The configuration file {path} cannot be read: {e.Message}", e);
        }
    }

    public static SettingSource Parse(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
        try
        {
            List<Setting> settings = [];
            var reader = new Utf8JsonReader(json, Lenient);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new StartException($"The configuration file {name} must be one JSON object.");
            ReadObject(ref reader, json, "", name, settings);
            return new SettingSource(settings);
        }
        catch (JsonException e)
        {
            throw new StartException($"The configuration file {name} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", e);
        }
    }

    static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, string name, List<Setting> settings)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = path + reader.GetString();
            reader.Read();
            ReadValue(ref reader, json, key, name, settings);
        }
    }

    static void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, string name, List<Setting> settings)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, json, path + ":", name, settings);
                break;
            case JsonTokenType.StartArray:
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                    ReadValue(ref reader, json, $"{path}:{i}", name, settings);
                break;
            default:
                var text = reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.String => reader.GetString(),
                    _ => Encoding.UTF8.GetString(reader.ValueSpan),
                };
                settings.Add(new Setting(path, text, $"{name} line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}"));
                break;
        }
    }
}

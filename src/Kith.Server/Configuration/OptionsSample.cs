using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kith.Server.Configuration;

/// <summary>A configuration file with every option at its default, explained; made from the option types.</summary>
public static class OptionsSample
{
    const int Width = 120;

    static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() },
    };

    public static string Write()
    {
        var text = new StringBuilder("// Made by \"kith config sample\". Everything here is at its default; what is left out of a file keeps it.\n{\n");
        var defaults = new KithOptions();
        var section = "";
        foreach (var option in OptionProperty.All)
        {
            var at = string.Join(':', option.Section.Select(s => s.Name));
            if (at != section)
            {
                if (section.Length > 0) text.Append("  },\n\n");
                Comment(text, OptionProperty.TextOf(option.Section[^1]), "  ");
                text.Append($"  \"{at}\": {{\n");
                section = at;
            }

            var indent = section.Length > 0 ? "    " : "  ";
            Comment(text, option.Description, indent);
            text.Append($"{indent}\"{option.Property.Name}\": {Value(option.ValueIn(defaults))},\n{(section.Length > 0 ? "" : "\n")}");
        }

        return text.Append(section.Length > 0 ? "  },\n}\n" : "}\n").ToString();
    }

    static string Value(object? value) => value is TimeSpan ? $"\"{OptionValue.Write(value)}\"" : JsonSerializer.Serialize(value, Json);

    static void Comment(StringBuilder text, string comment, string indent)
    {
        var line = new StringBuilder();
        foreach (var word in comment.Split(' '))
        {
            if (line.Length > 0 && indent.Length + line.Length + word.Length > Width)
            {
                text.Append($"{indent}//{line}\n");
                line.Clear();
            }

            line.Append(' ').Append(word);
        }

        text.Append($"{indent}//{line}\n");
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Kith.Protocol;

namespace Kith.Engine.Delivery;

/// <summary>Blanks what the intent MESSAGE_CONTENT guards.</summary>
static class MessageRedaction
{
    public static byte[] Redact(ReadOnlyMemory<byte> message)
    {
        var body = JsonNode.Parse(message.Span)!.AsObject();
        body["content"] = "";
        foreach (var list in new[] { "embeds", "attachments", "components" })
            body[list] = new JsonArray();
        if (body["referenced_message"] is JsonObject referenced) body["referenced_message"] = JsonNode.Parse(Redact(Wire.Utf8<JsonNode>(referenced)));
        return JsonSerializer.SerializeToUtf8Bytes(body, Wire.Options);
    }
}

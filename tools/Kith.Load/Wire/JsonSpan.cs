using System.Buffers;

namespace Kith.Load.Wire;

/// <summary>
/// Walks the members of one JSON object without building anything: each step gives a key and the bytes of its value. It trusts that the input is
/// valid JSON, keys without escapes, and reports only what breaks the walk itself.
/// </summary>
internal ref struct JsonSpan
{
    static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    static readonly SearchValues<byte> ValueEnd = SearchValues.Create(",}] \t\r\n"u8);

    readonly ReadOnlySpan<byte> _json;
    int _at;

    /// <param name="json">Begins with the object; what follows the object is not looked at.</param>
    public JsonSpan(ReadOnlySpan<byte> json)
    {
        _json = json;
        SkipBlanks();
        Expect((byte)'{');
    }

    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>The value's bytes; a string's without its quotes, escapes as they are.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where <see cref="Value"/> begins in the input.</summary>
    public int ValueStart { get; private set; }

    /// <summary>False at the end of the object.</summary>
    public bool Next()
    {
        SkipBlanks();
        if (Peek() == ',')
        {
            _at++;
            SkipBlanks();
        }

        if (Peek() == '}') return false;
        Key = String();
        SkipBlanks();
        Expect((byte)':');
        SkipBlanks();
        ReadValue();
        return true;
    }

    /// <summary>The value of one member, empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> key)
    {
        var walk = new JsonSpan(json);
        while (walk.Next())
        {
            if (walk.Key.SequenceEqual(key)) return walk.Value;
        }

        return default;
    }

    void ReadValue()
    {
        var first = Peek();
        ValueStart = _at;
        if (first == '"')
        {
            ValueStart++;
            Value = String();
            return;
        }

        if (first is (byte)'{' or (byte)'[')
        {
            SkipNested();
        }
        else
        {
            var length = _json[_at..].IndexOfAny(ValueEnd);
            _at = length < 0 ? _json.Length : _at + length;
        }

        Value = _json[ValueStart.._at];
    }

    void SkipNested()
    {
        var depth = 0;
        do
        {
            var step = _json[_at..].IndexOfAny(Structural);
            if (step < 0) throw Broken();
            _at += step;
            switch (_json[_at])
            {
                case (byte)'"':
                    String();
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            _at++;
        }
        while (depth > 0);
    }

    ReadOnlySpan<byte> String()
    {
        Expect((byte)'"');
        var start = _at;
        while (true)
        {
            var step = _json[_at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0) throw Broken();
            _at += step;
            if (_json[_at] == '"') return _json[start.._at++];
            _at += 2;
            if (_at > _json.Length) throw Broken();
        }
    }

    void SkipBlanks()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _at++;
    }

    readonly byte Peek() => _at < _json.Length ? _json[_at] : throw Broken();

    void Expect(byte wanted)
    {
        if (Peek() != wanted) throw Broken();
        _at++;
    }

    readonly InvalidDataException Broken() => new($"JSON that cannot be read at byte {_at} of {_json.Length}.");
}

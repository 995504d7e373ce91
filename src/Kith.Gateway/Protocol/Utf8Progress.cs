using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Kith.Gateway.Protocol;

/// <summary>
/// Validates UTF-8 that comes in pieces, so that a bad sequence is found in the fragment that has it. Holds up to three bytes of a
/// character that a fragment has cut.
/// </summary>
internal struct Utf8Progress
{
    uint _held;
    int _heldCount;

    /// <summary>False once the text can no longer become valid.</summary>
    internal bool Append(ReadOnlySpan<byte> piece)
    {
        while (_heldCount > 0 && !piece.IsEmpty)
        {
            Span<byte> character = [(byte)_held, (byte)(_held >> 8), (byte)(_held >> 16), 0];
            character[_heldCount] = piece[0];
            piece = piece[1..];
            switch (Rune.DecodeFromUtf8(character[..(_heldCount + 1)], out _, out _))
            {
                case OperationStatus.Done:
                    _held = 0;
                    _heldCount = 0;
                    break;
                case OperationStatus.NeedMoreData:
                    _held |= (uint)character[_heldCount] << (8 * _heldCount);
                    _heldCount++;
                    break;
                default:
                    return false;
            }
        }

        return _heldCount > 0 || AppendWhole(piece);
    }

    /// <summary>Whether the text ended on a character's boundary.</summary>
    internal readonly bool IsComplete => _heldCount == 0;

    bool AppendWhole(ReadOnlySpan<byte> piece)
    {
        // A cut character is at most three bytes at the end: find its lead byte.
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            var lead = piece[^back];
            if (lead < 0x80)
                break;
            if (lead < 0xc0)
                continue;
            if (Rune.DecodeFromUtf8(piece[^back..], out _, out _) == OperationStatus.NeedMoreData)
            {
                Hold(piece[^back..]);
                piece = piece[..^back];
            }

            break;
        }

        return Utf8.IsValid(piece);
    }

    void Hold(ReadOnlySpan<byte> cut)
    {
        for (var i = 0; i < cut.Length; i++)
            _held |= (uint)cut[i] << (8 * i);
        _heldCount = cut.Length;
    }
}

using System.Text;
using Kith.Engine.Media;

namespace Kith.Engine.Tests.Media;

public sealed class FileTypesTests
{
    const string Ebml = "\u001A\u0045\u00DF\u00A3....webm....";

    [Theory]
    [InlineData(Ebml + "A_OPUS", "audio/webm")]
    [InlineData(Ebml + "V_VP8....A_OPUS", "video/webm")]
    [InlineData(Ebml + "V_AV1", "video/webm")]
    [InlineData(Ebml, "video/webm")]
    [InlineData("\0\0\0\u0018ftypiso5....moov....soun", "audio/mp4")]
    [InlineData("\0\0\0\u0018ftypiso5....moov....vide....soun", "video/mp4")]
    [InlineData("\0\0\0\u0018ftypmp42....mdat", "video/mp4")]
    [InlineData("OggS....OpusHead", "audio/ogg")]
    [InlineData("OggS....theora", "video/ogg")]
    [InlineData("<svg onload=alert(1)>", "application/octet-stream")]
    public void A_recording_is_a_sound_or_a_film_by_its_tracks(string head, string type) => Assert.Equal(type, FileTypes.Of(Encoding.Latin1.GetBytes(head)));
}

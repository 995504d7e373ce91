using Kith.Gateway.Protocol;

namespace Kith.Gateway.Tests.Protocol;

public sealed class FrameMaskTests
{
    [Fact]
    public void Every_length_is_unmasked_as_the_definition_says()
    {
        byte[] mask = [0x12, 0x9a, 0xff, 0x03];
        for (var length = 0; length < 300; length++)
        {
            var plain = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();
            var masked = plain.Select((value, i) => (byte)(value ^ mask[i % 4])).ToArray();
            FrameMask.Remove(masked, BitConverter.ToUInt32(mask));
            Assert.Equal(plain, masked);
        }
    }
}

using System.Text;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4, and the usual check value of the nine digits.
    [Theory]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("", 0u)]
    public void Finish_KnownText_GivesThePublishedValue(string text, uint expected) =>
        Assert.Equal(expected, Crc32C.Finish(Crc32C.Append(Crc32C.Start, Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Finish_ThirtyTwoBytes_GivesTheValuesOfTheStandard()
    {
        byte[] ascending = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];

        Assert.Equal(0x8A9136AAu, Crc32C.Finish(Crc32C.Append(Crc32C.Start, new byte[32])));
        Assert.Equal(0x62A8AB43u, Crc32C.Finish(Crc32C.Append(Crc32C.Start, Enumerable.Repeat((byte)0xFF, 32).ToArray())));
        Assert.Equal(0x46DD794Eu, Crc32C.Finish(Crc32C.Append(Crc32C.Start, ascending)));
        Assert.Equal(0x46DD794Eu, Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, ascending.AsSpan(0, 13)), ascending.AsSpan(13))));
    }
}

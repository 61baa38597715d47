using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Tests.Summaries;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4MB", 4_000_000)]
    [InlineData("250 kB", 250_000)]
    [InlineData("300KiB", 307_200)]
    [InlineData("1.5 MiB", 1_572_864)]
    [InlineData("1024", 1024)]
    [InlineData("12 B", 12)]
    public void Parse_UnitsOfThousandsAnd1024_GivesBytes(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse("--max-size", text));

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-4MB")]
    [InlineData("four")]
    [InlineData("1e30")]
    [InlineData("99999999999 GB")]
    public void Parse_Nonsense_SaysWhatIsExpected(string text)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => ByteSize.Parse("--max-size", text));

        Assert.Equal($"--max-size: found '{text}', expected a size as 4MB, 250kB or 300KiB.", error.Message);
    }
}

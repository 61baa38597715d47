using SweepCluster.Cli.Terminal;

namespace SweepCluster.Cli.Tests;

public sealed class TextTableTests
{
    [Fact]
    public async Task Write_TextAndNumbers_AlignsTextLeftAndNumbersRight()
    {
        TextTable table = new("plan", ">size");
        table.Add("pal4", "184 kB");
        table.Add("mixed-07", "9 kB");
        using StringWriter output = new() { NewLine = "\n" };

        await table.WriteAsync(output);

        Assert.Equal("plan        size\n----------------\npal4      184 kB\nmixed-07    9 kB\n", output.ToString());
    }
}

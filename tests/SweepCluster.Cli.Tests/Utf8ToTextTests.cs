using System.Text;
using SweepCluster.Cli.Terminal;

namespace SweepCluster.Cli.Tests;

public sealed class Utf8ToTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Write_PiecesThatCutCharacters_GivesTheTextWhateverTheyAre(int pieceLength)
    {
        string text = string.Concat(Enumerable.Range(0, 3_000).Select(number => $"{number} \u00fc\u20ac\U0001F600\n")); // two, three and four bytes
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        using StringWriter output = new();
        using (Utf8ToText stream = new(output))
        {
            foreach (byte[] piece in bytes.Chunk(pieceLength))
            {
                stream.Write(piece);
            }
        }

        Assert.Equal(text, output.ToString());
    }

    [Fact]
    public void Dispose_Stream_LeavesTheOutputOpen()
    {
        using StringWriter output = new();
        new Utf8ToText(output).Dispose();

        output.Write("more");

        Assert.Equal("more", output.ToString());
    }
}

namespace SweepCluster.Graphs.Tests;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is: é, 漢, 😀.", "as it is: é, 漢, 😀.")]
    [InlineData("one\ntwo \r\n\n  three\n", "one two three")]
    [InlineData("a\tb", "a b")]
    [InlineData("nul \0, bell \a, red \u001b[31m, c1 \u009b", "nul \uFFFD, bell \uFFFD, red \uFFFD[31m, c1 \uFFFD")]
    [InlineData("line\u2028and paragraph\u2029separators", "line and paragraph separators")]
    [InlineData("", "")]
    public void Of_TextFromAnywhere_IsOnOneLineWithoutControlCharacters(string text, string expected) => Assert.Equal(expected, OneLine.Of(text));

    [Fact]
    public void Short_LongText_KeepsItsStartAndItsEnd()
    {
        string line = OneLine.Short($"model.mlmodel: found '{new string('n', 100_000)}', expected another name.");

        Assert.Equal(700 + 5 + 200, line.Length);
        Assert.StartsWith("model.mlmodel: found 'nnn", line, StringComparison.Ordinal);
        Assert.EndsWith("nnn', expected another name.", line, StringComparison.Ordinal);
        Assert.Equal("as it is", OneLine.Short("as it is"));
    }

    [Fact]
    public void Of_HalfACharacter_IsReplaced() => Assert.Equal("cut \uFFFD", OneLine.Of("cut 😀"[..5]));
}

namespace SweepCluster.Graphs.Tests;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is: é, 漢, 😀.", "as it is: é, 漢, 😀.")]
    [InlineData("one\ntwo \r\n\n  three\n", "one two three")]
    [InlineData("a\tb", "a b")]
    [InlineData("nul \0, bell \a, red \u001b[31m, c1 \u009b", "nul \uFFFD, bell \uFFFD, red \uFFFD[31m, c1 \uFFFD")]
    [InlineData("", "")]
    public void Of_TextFromAnywhere_IsOnOneLineWithoutControlCharacters(string text, string expected) => Assert.Equal(expected, OneLine.Of(text));

    [Fact]
    public void Of_HalfACharacter_IsReplaced() => Assert.Equal("cut \uFFFD", OneLine.Of("cut 😀"[..5]));
}

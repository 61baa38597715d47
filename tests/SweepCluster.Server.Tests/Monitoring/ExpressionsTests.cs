namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>The tests' own reading of expressions, which other tests rely on.</summary>
public sealed class ExpressionsTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("""sum by (le, kind) (rate(a_bucket{kind="x", le=~"1|2"}[5m]))""", """a_bucket{kind="x", le=~"1|2"}""")]
    [InlineData("""max(a) and on (b) max by (c) (d{e="f"}) > 10""", """a;d{e="f"}""")]
    [InlineData("""a / on (x) group_left () b unless c offset 5m or vector(0)""", "a;b;c")]
    [InlineData("""label_replace(a, "short", "$1", "sweep", "(.{1,8}).*")""", "a")]
    [InlineData("rate(a_total[$__rate_interval]) == 1", "a_total")]
    [InlineData("sum without (state) (deriv(a[1m]))", "a")]
    public void SelectorsOf_AnExpression_GivesItsSelectorsAndNothingElse(string expression, string expected) =>
        Assert.Equal(expected.Split(';'), Expressions.SelectorsOf(expression));
}

namespace SweepCluster.Graphs.Tests;

public class ShapeTests
{
    [Fact]
    public void Scalar_HasNoAxesAndOneElement()
    {
        Assert.Equal((0, 1L, "[]"), (Shape.Scalar.Rank, Shape.Scalar.ElementCount, Shape.Scalar.ToString()));
        Assert.Equal(Shape.Scalar, new Shape());
    }

    [Fact]
    public void Equals_SameExtents_IsTrueAndHashesAlike()
    {
        Assert.True(new Shape(2, 3) == new Shape(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.True(new Shape(2, 3) != new Shape(3, 2));
        Assert.True(new Shape(2) != new Shape(2, 1));
    }

    [Fact]
    public void ElementCount_UnknownExtent_SaysSo()
    {
        Shape shape = new(2, -1);

        Assert.False(shape.IsKnown);
        Assert.Equal("[2, ?]", shape.ToString());
        Assert.Equal("The shape [2, ?] has an unknown extent.", Assert.Throws<InvalidOperationException>(() => shape.ElementCount).Message);
    }

    [Fact]
    public void ElementCount_BeyondSixtyFourBits_Throws() => Assert.Throws<OverflowException>(() => new Shape(int.MaxValue, int.MaxValue, int.MaxValue).ElementCount);

    [Fact]
    public void Constructor_ExtentBelowMinusOne_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2, -2));

    [Theory, InlineData(0, 0), InlineData(2, 2), InlineData(-1, 2), InlineData(-3, 0)]
    public void ResolveAxis_InsideTheRank_CountsFromTheStart(int axis, int expected) => Assert.Equal(expected, new Shape(4, 5, 6).ResolveAxis(axis));

    [Theory, InlineData(3), InlineData(-4)]
    public void ResolveAxis_OutsideTheRank_Throws(int axis) => Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(4, 5, 6).ResolveAxis(axis));

    [Fact]
    public void With_OneExtent_LeavesTheOthers()
    {
        Shape shape = new(4, 5, 6);

        Assert.Equal(new Shape(4, 9, 6), shape.With(1, 9));
        Assert.Equal(new Shape(4, 5, 6), shape);
    }
}

namespace SweepCluster.Graphs.Tests;

public class ElementTypesTests
{
    [Theory]
    [InlineData(ElementType.UInt3, 9, 4), InlineData(ElementType.UInt6, 4, 3), InlineData(ElementType.Int4, 3, 2), InlineData(ElementType.UInt1, 0, 0), InlineData(ElementType.Float16, 5, 10)]
    public void ByteCount_RoundsUpToWholeBytes(ElementType type, long count, long expected) => Assert.Equal(expected, type.ByteCount(count));

    [Fact]
    public void TryParse_NameOfEveryType_GivesItBack()
    {
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            Assert.True(ElementTypes.TryParse(type.Name(), out ElementType parsed));
            Assert.Equal(type, parsed);
        }
    }

    [Theory, InlineData("Float16"), InlineData("0"), InlineData("int5"), InlineData(""), InlineData("int4,int8")]
    public void TryParse_AnythingElse_IsFalse(string name) => Assert.False(ElementTypes.TryParse(name, out _));

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(6), InlineData(8), InlineData(16), InlineData(32)]
    public void UnsignedOf_Width_HasThatWidth(int bits) => Assert.Equal(bits, ElementTypes.UnsignedOf(bits).BitWidth());

    [Theory, InlineData(0), InlineData(5), InlineData(7)]
    public void UnsignedOf_NoSuchWidth_Throws(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => ElementTypes.UnsignedOf(bits));
}

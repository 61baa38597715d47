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

    [Theory, InlineData("Float16"), InlineData("0"), InlineData("int17"), InlineData("uint0"), InlineData(""), InlineData("int4,int8")]
    public void TryParse_AnythingElse_IsFalse(string name) => Assert.False(ElementTypes.TryParse(name, out _));

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 16), 32, 64];

    [Theory, MemberData(nameof(Widths))]
    public void IntegerOf_Width_HasThatWidthAndSign(int bits)
    {
        foreach (bool isSigned in new[] { true, false })
        {
            ElementType type = ElementTypes.IntegerOf(isSigned, bits);

            Assert.Equal((bits, isSigned, true), (type.BitWidth(), type.IsSigned(), type.IsInteger()));
            Assert.Equal((isSigned ? "int" : "uint") + bits, type.Name());
        }

        Assert.Equal(ElementTypes.IntegerOf(false, bits), ElementTypes.UnsignedOf(bits));
    }

    [Theory, InlineData(0), InlineData(17), InlineData(33)]
    public void UnsignedOf_NoSuchWidth_Throws(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => ElementTypes.UnsignedOf(bits));
}

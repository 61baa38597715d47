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

    [Theory, InlineData("Float16"), InlineData("0"), InlineData("int17"), InlineData("uint24"), InlineData("float1"), InlineData(""), InlineData("int4,int8")]
    public void TryParse_AnythingElse_IsFalse(string name) => Assert.False(ElementTypes.TryParse(name, out _));

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 16), 32, 64];

    [Theory, MemberData(nameof(Widths))]
    public void IntegerOf_Width_HasThatWidthSignAndName(int bits)
    {
        Assert.Equal((bits, false, true, $"uint{bits}"), Facts(ElementTypes.UnsignedOf(bits)));
        Assert.Equal((bits, true, true, $"int{bits}"), Facts(ElementTypes.IntegerOf(isSigned: true, bits)));
        Assert.Equal((bits, false, true, $"uint{bits}"), Facts(ElementTypes.IntegerOf(isSigned: false, bits)));
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(17), InlineData(33), InlineData(128)]
    public void UnsignedOf_NoSuchWidth_Throws(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => ElementTypes.UnsignedOf(bits));

    [Theory]
    [InlineData(ElementType.Float16, 16), InlineData(ElementType.BFloat16, 16), InlineData(ElementType.Float32, 32), InlineData(ElementType.Float64, 64), InlineData(ElementType.Bool, 8), InlineData(ElementType.String, 0)]
    public void BitWidth_NoInteger_IsNoInteger(ElementType type, int bits) => Assert.Equal((bits, false, false, type.Name()), Facts(type));

    private static (int Bits, bool IsSigned, bool IsInteger, string Name) Facts(ElementType type) => (type.BitWidth(), type.IsSigned(), type.IsInteger(), type.Name());
}

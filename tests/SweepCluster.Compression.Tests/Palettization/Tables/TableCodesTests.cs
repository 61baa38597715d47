using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Palettization.Tables;

public class TableCodesTests
{
    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    [Theory, MemberData(nameof(Types))]
    public void Fit_MultiplesOfOneStep_AreExact(ElementType type)
    {
        TableCodes codes = TableCodes.Fit([[-127 / 64.0, 0, 1 / 64.0, 100 / 64.0]], null, ElementType.Int8, type, 1);

        Assert.Equal([-127 / 64f, 0, 1 / 64f, 100 / 64f], codes.Tables[0]);
    }

    // The scale of the reference: the largest magnitude over 127, rounded to the type.
    [Theory, MemberData(nameof(Types))]
    public void Fit_AnyTables_NeverEndsWorseThanTheReferencesRule(ElementType type)
    {
        Random random = new(7);
        for (int round = 0; round < 50; round++)
        {
            double[] wanted = [.. Enumerable.Range(0, 16).Select(_ => random.NextDouble() - 0.5)];
            float scale = StoredValue.Round(type, wanted.Max(Math.Abs) / 127);
            double reference = wanted.Sum(entry => Math.Pow(entry - StoredValue.Scaled(type, (float)Math.Clamp(Math.Round(entry / scale), -127, 127), scale), 2));

            float[] seen = TableCodes.Fit([wanted], null, ElementType.Int8, type, 1).Tables[0];

            Assert.InRange(wanted.Zip(seen, (entry, found) => Math.Pow(entry - found, 2)).Sum(), 0, reference);
        }
    }

    [Fact]
    public void Fit_OneSidedTable_IsFinerUnsigned()
    {
        double[] wanted = [.. Enumerable.Range(0, 16).Select(i => Math.Sqrt(i))];

        Assert.True(Error(ElementType.UInt8) < Error(ElementType.Int8) / 2);

        double Error(ElementType codeType) => wanted.Zip(TableCodes.Fit([wanted], null, codeType, ElementType.Float32, 1).Tables[0], (entry, found) => Math.Pow(entry - found, 2)).Sum();
    }

    [Theory]
    [InlineData(ElementType.Int8, 65504.0), InlineData(ElementType.UInt8, 65504.0), InlineData(ElementType.Int8, 6e-8), InlineData(ElementType.UInt8, 6e-8), InlineData(ElementType.Int8, 0.0)]
    public void Fit_EndsOfFloat16_StayFinite(ElementType codeType, double largest)
    {
        TableCodes codes = TableCodes.Fit([[largest, -largest, 0]], null, codeType, ElementType.Float16, 1);

        Assert.All(codes.Tables[0], entry => Assert.InRange(entry, -65504, 65504));
        Assert.Equal(codes.Tables[0], codes.ToTable(new Shape(1, 1, 4, 1)).ToFloat32()[..3]);
        Assert.Equal(0, codes.ToTable(new Shape(1, 1, 4, 1)).ToFloat32()[3]);
    }

    // Codes of 1 and -1 whose scale was rounded up: by themselves finite, times the largest scale of a channel no more.
    [Theory, MemberData(nameof(Types))]
    public void Fit_LargestScaleAtTheEndOfTheType_StaysFinite(ElementType type)
    {
        float largest = type == ElementType.Float16 ? 65504 : float.MaxValue;
        int past = 0;
        for (int i = 0; i < 100; i++)
        {
            double[] wanted = [-1, 1, 0.3 + (i / 1000.0), -0.7 + (i / 3000.0), 0.123];
            Assert.All(TableCodes.Fit([wanted], null, ElementType.Int8, type, largest).Tables[0], entry => Assert.True(float.IsFinite(StoredValue.Scaled(type, entry, largest))));
            past += TableCodes.Fit([wanted], null, ElementType.Int8, type, 1).Tables[0].Any(entry => !float.IsFinite(StoredValue.Scaled(type, entry, largest))) ? 1 : 0;
        }

        Assert.NotEqual(0, past);
    }

    [Fact]
    public void ToTable_Unsigned_HasOneScaleAndOneZeroPointOfTheTablesRank()
    {
        PaletteTable table = TableCodes.Fit([[-1, 3], [0, 2]], null, ElementType.UInt8, ElementType.Float32, 1).ToTable(new Shape(2, 1, 2, 1));

        Assert.Equal(new Shape(1, 1, 1, 1), table.Scales?.Shape);
        Assert.Equal(new Shape(1, 1, 1, 1), table.ZeroPoints?.Shape);
        Assert.Equal(ElementType.UInt8, table.ZeroPoints?.Type);
    }
}

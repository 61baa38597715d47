using SweepCluster.Cli.Terminal;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Tests;

public class StoredFormTests
{
    private static readonly Shape s_shape = new(4, 4);
    private static readonly TensorData s_indices = TensorData.FromCodes(ElementType.UInt1, s_shape, new int[16]);
    private static readonly TensorData s_table = TensorData.FromFloat16(new Shape(1, 1, 2, 1), [1, 2]);
    private static readonly TensorData s_scales = TensorData.FromFloat16(new Shape(4, 1), [1, 2, 3, 4]);

    // Channels 1 and 3 are empty.
    private static readonly TensorData s_mask = TensorData.FromCodes(ElementType.UInt1, s_shape, [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    private static readonly TensorData s_few = TensorData.FromCodes(ElementType.UInt1, new Shape(3), [1, 0, 1]);
    private static readonly PaletteTable s_codedTable = new(TensorData.FromCodes(ElementType.Int8, new Shape(1, 1, 2, 1), [1, 2]), TensorData.FromFloat16(new Shape(1, 1, 1, 1), [1]), null);

    public static TheoryData<string> Texts =>
    [
        "dense", "dense float16, cast to float32", "palette, 1 bit, 1 table", "palette, 1 bit, 1 table, vectors of 2", "palette, 1 bit, 1 int8 table", "palette, 1 bit, 1 table, scales [4, 1]",
        "int8, scales [4, 1]", "int8, scales [4, 1], zero points", "sparse, 81.3 % zeros, 2 of 4 output channels are empty",
        "sparse, 81.3 % zeros; palette, 1 bit, 1 table, 2 of 4 output channels are empty", "sparse, 81.3 % zeros; int8, scales [4, 1], 2 of 4 output channels are empty",
        "sparse, 0.0 % zeros; palette, 1 bit, 1 int8 table",
    ];

    [Theory, MemberData(nameof(Texts))]
    public void Describe_EveryForm_SaysWhatIsParticularToIt(string text) => Assert.Equal(text, StoredForm.Describe(new Weight("w", Make(text), [], 0, 1)));

    // Along the other axis no channel is empty; a mask of vectors stands for several channels.
    [Fact]
    public void Describe_OtherAxisAndVectors_CountsItsChannels()
    {
        SparsePalettizedWeight vectors = new(new Shape(8, 4), s_mask, s_few, TensorData.FromFloat16(new Shape(1, 1, 2, 2), [1, 2, 3, 4]), vectorAxis: 0);

        Assert.Equal("sparse, 81.3 % zeros, 1 of 4 output channels are empty", StoredForm.Describe(new Weight("w", Make("sparse, 81.3 % zeros"), [], 1, 0)));
        Assert.Equal("sparse, 81.3 % zeros; palette, 1 bit, 1 table, vectors of 2, 4 of 8 output channels are empty", StoredForm.Describe(new Weight("w", vectors, [], 0, 1)));
    }

    private static CompressedWeight Make(string text)
    {
        TensorData codes = TensorData.FromCodes(ElementType.Int8, s_shape, new int[16]);
        return text switch
        {
            "dense" => new DenseWeight(ElementType.Float32, TensorData.FromFloat32(s_shape, new float[16])),
            _ when text.StartsWith("dense", StringComparison.Ordinal) => new DenseWeight(ElementType.Float32, TensorData.FromFloat16(s_shape, new float[16])),
            "palette, 1 bit, 1 table" => new PalettizedWeight(s_shape, s_indices, s_table),
            "palette, 1 bit, 1 int8 table" => new PalettizedWeight(s_shape, s_indices, s_codedTable),
            "palette, 1 bit, 1 table, scales [4, 1]" => new PalettizedWeight(s_shape, s_indices, s_table, null, s_scales),
            _ when text.StartsWith("palette", StringComparison.Ordinal) => new PalettizedWeight(new Shape(8, 4), s_indices, TensorData.FromFloat16(new Shape(1, 1, 2, 2), [1, 2, 3, 4]), 0),
            "int8, scales [4, 1]" => new QuantizedWeight(codes, s_scales, null, DecodeArithmetic.ScaleType),
            _ when text.StartsWith("int8", StringComparison.Ordinal) => new QuantizedWeight(codes, s_scales, TensorData.FromCodes(ElementType.Int8, new Shape(4, 1), [1, 2, 3, 4]), DecodeArithmetic.ScaleType),
            _ when text.Contains("; int8", StringComparison.Ordinal) => new SparseQuantizedWeight(s_mask, TensorData.FromCodes(ElementType.Int8, new Shape(3), [1, 2, 3]), s_scales, null),
            _ when text.Contains("int8 table", StringComparison.Ordinal) => new SparsePalettizedWeight(
                s_shape, TensorData.FromCodes(ElementType.UInt1, s_shape, [.. Enumerable.Repeat(1, 16)]), TensorData.FromCodes(ElementType.UInt1, new Shape(16), new int[16]), s_codedTable),
            _ when text.Contains("; palette", StringComparison.Ordinal) => new SparsePalettizedWeight(s_shape, s_mask, s_few, s_table),
            _ => new SparseWeight(s_mask, TensorData.FromFloat16(new Shape(3), [1, 2, 3])),
        };
    }
}

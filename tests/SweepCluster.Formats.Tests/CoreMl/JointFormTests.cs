using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class JointFormTests : IDisposable
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_PrunedAndPalettized_IsThatForm()
    {
        Graph graph = _format.Read(FixturePackages.PathOf("iOS18_fp16_joint_prune0.5_kmeans4"));

        Weight weight = graph.Weights.Single(candidate => candidate.Name == "conv2_weight_0_to_fp16_sparsified");

        Assert.Null(weight.Conflict);
        SparsePalettizedWeight stored = Assert.IsType<SparsePalettizedWeight>(weight.Stored);
        Assert.Equal((ElementType.UInt4, 4606, new Shape(1, 1, 1, 1, 16, 1)), (stored.Indices.Type, stored.Indices.Shape[0], stored.Table.Shape));
    }

    [Fact]
    public void Write_PrunedAndPalettizedUnderAnotherTarget_KeepsIt()
    {
        string source = FixturePackages.PathOf("iOS18_fp16_joint_prune0.5_kmeans4");
        Graph graph = _format.Read(source);
        string to = _folder.At("newer.mlpackage");

        _format.Write(graph, s_nothing, _format.ResolveTarget(graph, "iOS26"), to);

        PackageChecks.AssertSameWeights(IndependentPackageReader.Read(source), IndependentPackageReader.Read(to));
        Assert.All(_format.Read(to).Weights.Zip(graph.Weights), pair => PackageChecks.AssertSameForm(pair.Second.Stored, pair.First.Stored));
    }

    // The reference's own writer palettizes what it had quantized: a table of codes that one scale follows.
    [Theory, InlineData(true), InlineData(false)]
    public void Read_ScaleBehindATableOfIntegers_IsATableOfCodes(bool hasOffset)
    {
        PackageBuilder builder = new();
        TensorData indices = TensorData.FromCodes(ElementType.UInt2, new Shape(4, 3), [0, 1, 2, 3, 0, 1, 2, 3, 3, 2, 1, 0]);
        TensorData codes = TensorData.FromCodes(ElementType.Int8, new Shape(1, 1, 4, 1), [-128, -1, 3, 127]);
        Operation lookUp = Constexpr("constexpr_lut_to_dense", [("table", ElementType.Int8, new Shape(4, 3))], ("indices", builder.Stored(indices)), ("lut", PackageBuilder.Immediate(codes)));
        Operation scaled = Constexpr(
            "constexpr_blockwise_shift_scale", [("w", ElementType.Float32, new Shape(4, 3))], ("scale", PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(1, 1), [0.5f]))));
        scaled.Inputs["data"] = PackageBuilder.Read("table");
        if (hasOffset)
        {
            scaled.Inputs["offset"] = PackageBuilder.Inline(PackageBuilder.Immediate(TensorData.FromCodes(ElementType.Int8, new Shape(1, 1), [7])));
        }

        builder.Add(lookUp, scaled, PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        string path = builder.Write(_folder.At("scaled.mlpackage"));

        Weight weight = Assert.Single(_format.Read(path).Weights);

        Assert.Null(weight.Conflict);
        PaletteTable table = Assert.IsType<PalettizedWeight>(weight.Stored).Table;
        Assert.Equal((ElementType.Int8, ElementType.Float32, hasOffset), (table.Entries.Type, table.Type, table.ZeroPoints is not null));
        PackageChecks.AssertSameBits(IndependentPackageReader.Read(path).Weights["y.weight"], Decompressor.ToFloat32(weight.Stored));
        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(path);
    }

    // What no form is like is read with its values, says so, and stays.
    [Theory]
    [InlineData("scales for each channel of a table of integers", "stored as constexpr_lut_to_dense, which is carried through unchanged")]
    [InlineData("an offset behind a palette", "stored as constexpr_blockwise_shift_scale and constexpr_blockwise_shift_scale, which is carried through unchanged")]
    [InlineData("another mask", "stored as constexpr_sparse_blockwise_shift_scale, which is carried through unchanged")]
    public void Read_ChainThatNoFormIsLike_StaysAndSaysSo(string chain, string conflict)
    {
        PackageBuilder builder = new();
        TensorData indices = TensorData.FromCodes(ElementType.UInt2, new Shape(4, 3), [0, 1, 2, 3, 0, 1, 2, 3, 3, 2, 1, 0]);
        TensorData floats = TensorData.FromFloat32(new Shape(1, 1, 4, 1), [-1, 0.5f, 2, 3]);
        TensorData codes = TensorData.FromCodes(ElementType.Int8, new Shape(1, 1, 4, 1), [-128, -1, 3, 127]);
        TensorData mask = TensorData.FromCodes(ElementType.UInt1, new Shape(4, 3), [1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1]);
        TensorData other = TensorData.FromCodes(ElementType.UInt1, new Shape(4, 3), [1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
        Shape shape = new(4, 3);
        if (chain == "another mask")
        {
            Operation first = Constexpr(
                "constexpr_sparse_blockwise_shift_scale", [("m", ElementType.UInt1, shape), ("v", ElementType.Float32, new Shape(5))],
                ("data_mask", builder.Stored(mask)), ("nonzero_data", PackageBuilder.Immediate(TensorData.FromCodes(ElementType.Int8, new Shape(5), [1, 2, 3, 4, 5]))),
                ("scale", PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(1, 1), [0.5f]))));
            Operation second = Constexpr("constexpr_sparse_to_dense", [("w", ElementType.Float32, shape)], ("mask", builder.Stored(other)));
            second.Inputs["nonzero_data"] = PackageBuilder.Read("v");
            builder.Add(first, second);
        }
        else
        {
            bool integers = chain.StartsWith("scales", StringComparison.Ordinal);
            Operation first = Constexpr(
                "constexpr_lut_to_dense", [("p", integers ? ElementType.Int8 : ElementType.Float32, shape)], ("indices", builder.Stored(indices)), ("lut", PackageBuilder.Immediate(integers ? codes : floats)));
            Operation second = Constexpr(
                "constexpr_blockwise_shift_scale", [("w", ElementType.Float32, shape)], ("scale", PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(4, 1), [0.5f, 1, 2, 3]))));
            second.Inputs["data"] = PackageBuilder.Read("p");
            if (!integers)
            {
                second.Inputs["offset"] = PackageBuilder.Inline(PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(4, 1), [1, 1, 1, 1])));
            }

            builder.Add(first, second);
        }

        builder.Add(PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        string path = builder.Write(_folder.At("odd.mlpackage"));

        Weight weight = Assert.Single(_format.Read(path).Weights);

        PackageChecks.AssertSameBits(IndependentPackageReader.Read(path).Weights["y.weight"], Decompressor.ToFloat32(weight.Stored));
        Assert.Equal(conflict, weight.Conflict);
        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(path);
        PackageChecks.ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(path);
    }

    [Fact]
    public void Read_SparseVectors_AreThatForm()
    {
        PackageBuilder builder = new();
        TensorData mask = TensorData.FromCodes(ElementType.UInt1, new Shape(4, 3), [1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1]);
        TensorData few = TensorData.FromCodes(ElementType.UInt1, new Shape(5), [1, 0, 1, 1, 0]);
        SparsePalettizedWeight vectors = new(new Shape(8, 3), mask, few, TensorData.FromFloat32(new Shape(1, 1, 2, 2), [1, 2, 3, 4]), vectorAxis: 0);
        builder.Add(
            PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 8, 3))), PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        Graph graph = _format.Read(builder.Write(_folder.At("dense.mlpackage")));
        string to = _folder.At("vectors.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight> { ["w"] = vectors }, _format.ResolveTarget(graph, null), to);

        Weight read = Assert.Single(_format.Read(to).Weights);
        PackageChecks.AssertSameForm(vectors, read.Stored);
        PackageChecks.AssertSameBits(IndependentPackageReader.Read(to).Weights["y.weight"], Decompressor.ToFloat32(read.Stored));
        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(to);
    }

    // Two weights of one blob stay so in a joint form that is the same for both, and when they are plain again.
    [Fact]
    public void Write_WeightsThatShareABlob_GoOnSharing()
    {
        PackageBuilder builder = new();
        Value value = builder.Stored(PackageBuilder.Floats(1, 16, 3));
        builder.Add(
            PackageBuilder.Const("a", value), PackageBuilder.Const("b", value.Clone()), PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "a")),
            PackageBuilder.Op("linear", "z", ("x", "y"), ("weight", "b"))).Returns("z");
        Graph graph = _format.Read(builder.Write(_folder.At("shared.mlpackage")));
        string joint = _folder.At("joint.mlpackage"), plain = _folder.At("plain.mlpackage");

        _format.Write(
            graph, graph.Weights.ToDictionary(weight => weight.Name, weight => SchemeForms.CodedTable(weight, 4, 1, ElementType.Int8, false, 0.5, 3).Stored), _format.ResolveTarget(graph, null), joint);
        Graph read = _format.Read(joint);
        _format.Write(read, read.Weights.ToDictionary(weight => weight.Name, weight => (CompressedWeight)Decompressor.ToDense(weight.Stored)), _format.ResolveTarget(read, null), plain);

        Assert.Equal(["a_sparsified", "b_sparsified"], read.Weights.Select(weight => weight.Name));
        Assert.Equal(3, IndependentPackageReader.Read(joint).BlobCount); // mask, indices, table
        Assert.Equal(1, IndependentPackageReader.Read(plain).BlobCount);
        PackageChecks.AssertSameWeights(IndependentPackageReader.Read(joint), IndependentPackageReader.Read(plain));
    }

    // What does not fit together is one clear line, wherever in the chain it stands.
    [Theory]
    [InlineData("values", "operands that do not fit each other (A mask with 6 ones does not fit values [5])")]
    [InlineData("table", "operands that do not fit each other (A mask [4, 3] and a table [1, 1, 8, 1] for 2-bit indices do not fit a weight [4, 3])")]
    public void Read_PartsThatDoNotFit_NamesTheOperation(string part, string found)
    {
        PackageBuilder builder = new();
        TensorData mask = TensorData.FromCodes(ElementType.UInt1, new Shape(4, 3), [1, 0, 1, 0, 1, 0, part == "values" ? 1 : 0, 0, 1, 0, 0, 1]);
        int entries = part == "table" ? 8 : 4;
        Operation lookUp = Constexpr(
            "constexpr_lut_to_sparse", [("m", ElementType.UInt1, new Shape(4, 3)), ("v", ElementType.Float32, new Shape(5))],
            ("indices_mask", builder.Stored(mask)), ("indices_nonzero_data", PackageBuilder.Immediate(TensorData.FromCodes(ElementType.UInt2, new Shape(5), [1, 2, 3, 0, 1]))),
            ("lut", PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(1, 1, entries, 1), new float[entries]))));
        Operation dense = Constexpr("constexpr_sparse_to_dense", [("w", ElementType.Float32, new Shape(4, 3))]);
        dense.Inputs["nonzero_data"] = PackageBuilder.Read("v");
        dense.Inputs["mask"] = PackageBuilder.Read("m");
        builder.Add(lookUp, dense, PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        string path = builder.Write(_folder.At("broken.mlpackage"));

        string message = Assert.Throws<BadInputException>(() => _format.Read(path)).Message;

        Assert.EndsWith($"function main, operation 0 (constexpr_lut_to_sparse 'm'): found {found}, expected those of constexpr_lut_to_sparse.", message, StringComparison.Ordinal);
    }

    // Names that are there already are not taken again, each output's for itself.
    [Fact]
    public void Write_NamesOfPartsTaken_AreCounted()
    {
        PackageBuilder builder = new();
        builder.Add(
            PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 3))), PackageBuilder.Op("relu", "w_sparsified_nonzero_data_0_quantized_1", ("x", "x")),
            PackageBuilder.Op("linear", "y", ("x", "w_sparsified_nonzero_data_0_quantized_1"), ("weight", "w"))).Returns("y");
        Graph graph = _format.Read(builder.Write(_folder.At("taken.mlpackage")));
        Weight weight = Assert.Single(graph.Weights);
        string to = _folder.At("written.mlpackage");

        _format.Write(
            graph, new Dictionary<string, CompressedWeight> { ["w"] = SchemeForms.SparseCodes(weight, ElementType.Int8, 0, false, 0.5, 1).Stored }, _format.ResolveTarget(graph, null), to);

        string line = IndependentPackageReader.Read(to).Program.Single(operation => operation.StartsWith("constexpr_sparse_blockwise", StringComparison.Ordinal));
        Assert.StartsWith("constexpr_sparse_blockwise_shift_scale [w_sparsified_nonzero_data_0_quantized_1_0:uint1[4,3] w_sparsified_nonzero_data_0_quantized_1_1:fp32[", line, StringComparison.Ordinal);
    }

    private static Operation Constexpr(string type, (string Name, ElementType Type, Shape Shape)[] outputs, params (string Input, Value Value)[] inputs)
    {
        Operation operation = PackageBuilder.Op(type, outputs[0].Name);
        operation.Outputs.Clear();
        foreach ((string name, ElementType element, Shape shape) in outputs)
        {
            operation.Outputs.Add(PackageBuilder.Named(name, element, [.. shape.Extents]));
        }

        foreach ((string input, Value value) in inputs)
        {
            operation.Inputs[input] = PackageBuilder.Inline(value);
        }

        return operation;
    }
}

using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Stored forms of weights in neural networks, with values computed here from the format's description.</summary>
public sealed class NetworkWeightTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_EveryLayerWithWeights_FindsThemWithShapesAndReaders()
    {
        Graph graph = Read(WireNetwork.Model(5, WireNetwork.Plain, SampleNetwork.Content()));

        Assert.Equal(
            SampleNetwork.Listing,
            graph.Weights.Select(weight => $"{weight.Name} {weight.Shape} {weight.Uses[0].OpType}.{weight.Uses[0].Input} {weight.OutputAxis} {weight.InputAxis}"));
        Assert.All(graph.Weights, weight => Assert.Null(weight.Conflict));
        Assert.Equal("Core ML file, neural network, iOS14", graph.FormatDescription);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Read_LinearCodes_AreCodeTimesScalePlusBias(int bits)
    {
        int[] codes = [.. Enumerable.Range(0, 3 * 7).Select(i => (i * 37) & ((1 << bits) - 1))];
        float[] scales = [0.3f, 1.7e-3f, 11.1f], biases = [-0.7f, 0.011f, -93.3f];

        Weight each = Single(WireNetwork.Linear(bits, codes, scales, biases));
        Weight one = Single(WireNetwork.Linear(bits, codes, [0.3f], [0.1f]));
        Weight none = Single(WireNetwork.Linear(bits, codes, [0.3f], []));

        Assert.Equal(codes.Select((code, i) => Sum(code * scales[i / 7], biases[i / 7])), Decompressor.ToFloat32(each.Stored));
        Assert.Equal(codes.Select(code => Sum(code * 0.3f, 0.1f)), Decompressor.ToFloat32(one.Stored));
        Assert.Equal(codes.Select(code => code * 0.3f), Decompressor.ToFloat32(none.Stored));
        Assert.Equal(bits, Assert.IsType<QuantizedWeight>(each.Stored).Codes.Type.BitWidth());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Read_LookUpTable_TakesItsEntries(int bits)
    {
        int[] indices = [.. Enumerable.Range(0, 3 * 7).Select(i => (i * 29) & ((1 << bits) - 1))];
        float[] table = [.. Enumerable.Range(0, 1 << bits).Select(i => MathF.Sqrt(i) - 3)];

        Weight weight = Single(WireNetwork.LookUp(bits, indices, table));

        Assert.Equal(indices.Select(index => table[index]), Decompressor.ToFloat32(weight.Stored));
        Assert.Equal(bits, Assert.IsType<PalettizedWeight>(weight.Stored).Bits);
    }

    [Fact]
    public void Read_Float16_IsAFloat32WeightStoredNarrower()
    {
        float[] values = [.. Enumerable.Range(0, 21).Select(i => i / 3f)];

        DenseWeight stored = Assert.IsType<DenseWeight>(Single(WireNetwork.Halves(values)).Stored);

        Assert.Equal(ElementType.Float32, stored.Type);
        Assert.Equal(ElementType.Float16, stored.Values.Type);
        Assert.Equal(values.Select(value => (float)(Half)value), Decompressor.ToFloat32(stored));
    }

    [Fact]
    public void Read_FloatsThatAreNotPacked_AreReadAndCarriedThrough()
    {
        float[] values = [.. Enumerable.Range(0, 21).Select(i => i / 7f)];
        byte[] unpacked = [.. values.SelectMany(value => (byte[])[(1 << 3) | 5, .. BitConverter.GetBytes(value)])];

        Weight weight = Single(unpacked);

        Assert.Equal(values, Decompressor.ToFloat32(weight.Stored));
        Assert.NotNull(weight.Conflict);
        Graph graph = _format.Read(_folder["model.mlmodel"]);
        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), _folder["copy.mlmodel"]);
        Assert.Equal(values, Decompressor.ToFloat32(_format.Read(_folder["copy.mlmodel"]).Weights[0].Stored));
    }

    [Fact]
    public void Read_SignedCodesForIntegerArithmetic_AreReadAndCarriedThrough()
    {
        sbyte[] codes = [.. Enumerable.Range(-10, 21).Select(code => (sbyte)(code * 12))];
        byte[] weights = Wire.Of((31, Array.ConvertAll(codes, code => (byte)code)), (40, Wire.Of((1, 8), (101, Wire.Of((1, WireNetwork.Floats(0.05f)))))));

        Weight weight = Single(weights);

        Assert.Equal(codes.Select(code => code * 0.05f), Decompressor.ToFloat32(weight.Stored));
        Assert.Equal("stored for int8 arithmetic on the device, which is carried through unchanged", weight.Conflict);
    }

    [Fact]
    public void Write_PlainValuesForSignedCodes_LeavesIntegerArithmetic()
    {
        byte[] weights = Wire.Of((31, new byte[21]), (40, Wire.Of((1, 8), (101, Wire.Of((1, WireNetwork.Floats(0.05f)))))));
        byte[] layer = WireNetwork.Layer("fc", 140, Wire.Of((1, 7), (2, 3), (20, weights), (22, 1)));
        Graph graph = Read(WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(layer)));

        _format.Write(
            graph, new Dictionary<string, CompressedWeight> { ["fc"] = Decompressor.ToDense(graph.Weights[0].Stored) }, _format.ResolveTarget(graph, null), _folder["plain.mlmodel"], default);

        WireMessage model = WireMessage.Parse(File.ReadAllBytes(_folder["plain.mlmodel"]));
        WireMessage written = WireMessage.Parse(WireMessage.Parse(WireMessage.Parse(model.Bytes(WireNetwork.Plain)).Bytes(1)).Bytes(140));
        Assert.False(written.Has(22));
        Assert.Equal(84, WireMessage.Parse(written.Bytes(20)).Bytes(1).Length);
    }

    [Fact]
    public void Read_CodesOfACustomLayer_AreShownWhereTheirNumberIsKnown()
    {
        byte[] layer = WireNetwork.Layer("own", 500, Wire.Of((10, "Own"), (20, WireNetwork.Linear(8, [1, 2, 3], [2], [])), (20, WireNetwork.Linear(3, [1, 2, 3], [2], []))));

        Graph graph = Read(WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(layer)));

        Assert.Equal(["own_weights_0"], graph.Weights.Select(weight => weight.Name));
        Assert.Equal([2f, 4, 6], Decompressor.ToFloat32(graph.Weights[0].Stored));
    }

    [Fact]
    public void Read_TransposedConvolutionOfGroups_HasAScaleForEachOutputChannel()
    {
        // [4 inputs, 3 outputs of each of 2 groups, 1, 1]: inputs 0 and 1 belong to the first group.
        int[] codes = [.. Enumerable.Range(0, 12).Select(i => (i * 5) & 15)];
        float[] scales = [1, 2, 3, 10, 20, 30];

        float[] each = Decompressor.ToFloat32(Read(WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(
            WireNetwork.Convolution("up", 6, 4, 2, 1, true, WireNetwork.Linear(4, codes, scales, []))))).Weights[0].Stored);
        float[] shared = Decompressor.ToFloat32(Read(WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(
            WireNetwork.Convolution("up", 6, 4, 2, 1, true, WireNetwork.Linear(4, codes, scales[..3], []))))).Weights[0].Stored);

        Assert.Equal(codes.Select((code, i) => code * scales[(i / 6 * 3) + (i % 3)]), each);
        Assert.Equal(codes.Select((code, i) => code * scales[i % 3]), shared);
    }

    [Fact]
    public void Read_UpdatableLayer_IsLeftAloneWithTheReason()
    {
        byte[] layer = Wire.Join(WireNetwork.InnerProduct("fc", 7, 3, WireNetwork.Dense(new float[21])), Wire.Of((10, 1)));

        Weight weight = Read(WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(layer))).Weights[0];

        Assert.Equal("its layer is updatable on the device, which takes no compressed weights", weight.Conflict);
    }

    [Theory]
    [InlineData(0, "found 80 bytes, expected 84 for float32 [3, 7].")]
    [InlineData(1, "found 40 bytes, expected 42 for float16 [3, 7].")]
    [InlineData(2, "found 7 bytes, expected 8 for codes of 3 bits of a weight [3, 7].")]
    [InlineData(3, "found a table of 7 entries, expected 8 for 3 bits.")]
    [InlineData(4, "found 2 scales, expected 1 or 3 for a weight [3, 7].")]
    [InlineData(5, "found 3 scales and 1 biases, expected as many biases as scales, or none.")]
    [InlineData(6, "found codes of 9 bits, expected 1 to 8.")]
    [InlineData(7, "found values in 2 forms, expected one.")]
    public void Read_BrokenWeight_SaysWhereAndWhat(int fault, string expected)
    {
        int[] codes = new int[21];
        byte[] weights = fault switch
        {
            0 => WireNetwork.Dense(new float[20]),
            1 => WireNetwork.Halves(new float[20]),
            2 => WireNetwork.Linear(3, new int[18], [1], []),
            3 => WireNetwork.LookUp(3, codes, new float[7]),
            4 => WireNetwork.Linear(3, codes, [1, 2], []),
            5 => WireNetwork.Linear(3, codes, [1, 2, 3], [1]),
            6 => WireNetwork.Linear(9, codes, [1], []),
            _ => Wire.Join(WireNetwork.Dense(new float[21]), WireNetwork.Halves(new float[21])),
        };

        BadInputException refused = Assert.Throws<BadInputException>(() => Single(weights));

        Assert.Equal($"{_folder["model.mlmodel"]}, layer 0 (innerProduct 'fc'), weights: {expected}", refused.Message);
    }

    [Fact]
    public void Read_ExtentsThatOverflow_AreRefusedBeforeAnythingIsAllocated()
    {
        byte[] huge = WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(WireNetwork.Convolution("c", int.MaxValue, int.MaxValue, 1, int.MaxValue, false, WireNetwork.Dense(1f))));
        File.WriteAllBytes(_folder["model.mlmodel"], huge);
        long before = GC.GetAllocatedBytesForCurrentThread();

        BadInputException refused = Assert.Throws<BadInputException>(() => _format.Read(_folder["model.mlmodel"]));

        Assert.StartsWith($"{_folder["model.mlmodel"]}, layer 0 (convolution 'c')", refused.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private Weight Single(byte[] weights) =>
        Assert.Single(Read(WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 7, 3, weights)))).Weights);

    private Graph Read(byte[] model)
    {
        File.WriteAllBytes(_folder["model.mlmodel"], model);
        return _format.Read(_folder["model.mlmodel"]);
    }

    // A sum of two float32 numbers, rounded once.
    private static float Sum(float left, float right) => left + right;
}

using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class WeightBytesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int> Forms
    {
        get
        {
            TheoryData<string, string, int> cases = [];
            foreach (int channels in new[] { 1, 4, 10, 33 })
            {
                foreach (string form in new[] { "dense", "half", "palette", "3 bits", "vectors", "8-bit table", "channel scales", "codes", "blocks", "zero points", "sparse", "sparse palette", "sparse 8-bit table", "sparse codes" })
                {
                    cases.Add("iOS18", form, channels);
                }

                foreach (string form in new[] { "dense", "half", "palette", "older codes", "sparse" })
                {
                    cases.Add("iOS16", form, channels);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    // The weight stands before another, so that what aligns that one is counted.
    [Theory, MemberData(nameof(Forms))]
    public void WeightBytes_EveryForm_IsWhatTheFileGrowsBy(string targetName, string form, int channels)
    {
        CoreMlFormat format = new();
        PackageBuilder builder = new(targetName == "iOS16" ? 6 : 8);
        Weight weight = new("w", new DenseWeight(ElementType.Float32, PackageBuilder.Floats(1, 2 * channels, 4, 3)), [], 0, 1);
        builder.Add(
            PackageBuilder.Const("w", builder.Stored(((DenseWeight)weight.Stored).Values)), PackageBuilder.Const("last", builder.Stored(PackageBuilder.Floats(2, 5, 7))),
            PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w"), ("bias", "last"))).Returns("y");
        Graph graph = format.Read(builder.Write(_folder.At("source.mlpackage")));
        ModelTarget target = format.ResolveTarget(graph, null);
        CompressedWeight stored = Make(weight, form);
        string to = _folder.At("written.mlpackage");

        format.Write(graph, new Dictionary<string, CompressedWeight> { ["w"] = stored }, target, to);

        long rest = 64 + 64 + (4 * 35);
        Assert.Equal(targetName, target.Name);
        Assert.Equal(new FileInfo(Path.Combine(to, "Data", "com.apple.CoreML", "weights", "weight.bin")).Length - rest, format.WeightBytes(stored, target));
    }

    private static CompressedWeight Make(Weight weight, string form) => (form switch
    {
        "dense" => (weight.Stored, []),
        "half" => SchemeForms.Half(weight, 1),
        "palette" => SchemeForms.Palette(weight, 4, 1, 1),
        "3 bits" => SchemeForms.Palette(weight, 3, 2, 1),
        "vectors" => SchemeForms.Vectors(weight, 2, 2, 0, 1),
        "8-bit table" => SchemeForms.CodedTable(weight, 4, 2, ElementType.Int8, true, 0, 1),
        "channel scales" => SchemeForms.Scaled(weight, 2, 1, 1),
        "codes" => SchemeForms.Quantized(weight, ElementType.Int4, 0, false, DecodeArithmetic.ScaleType, 1),
        "older codes" => SchemeForms.Quantized(weight, ElementType.Int8, 0, false, DecodeArithmetic.Float32, 1),
        "blocks" => SchemeForms.Quantized(weight, ElementType.UInt4, 2, false, DecodeArithmetic.ScaleType, 1),
        "zero points" => SchemeForms.Quantized(weight, ElementType.UInt8, 0, true, DecodeArithmetic.ScaleType, 1),
        "sparse" => SchemeForms.Sparse(weight, 0.5, 1),
        "sparse palette" => SchemeForms.SparsePalette(weight, 4, 2, 0.5, 1),
        "sparse 8-bit table" => SchemeForms.CodedTable(weight, 4, 2, ElementType.UInt8, false, 0.5, 1),
        _ => SchemeForms.SparseCodes(weight, ElementType.Int4, 2, true, 0.5, 1),
    }).Stored;
}

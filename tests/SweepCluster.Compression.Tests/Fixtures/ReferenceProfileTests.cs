using System.Text.RegularExpressions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Fixtures;

// With compat=coremltools, every quantized package of the reference bit for bit.
[Trait("Needs", "shared")]
public partial class ReferenceProfileTests
{
    public static TheoryData<string> Quantized => ReferencePackage.Names(name => Quantization().IsMatch(name));

    [Theory, MemberData(nameof(Quantized))]
    public void Compress_WithTheProfile_GivesItsCodesScalesAndZeroPoints(string name)
    {
        Match match = Quantization().Match(name);
        string block = match.Groups["block"].Success ? $", block_size={match.Groups["block"].Value}" : "";
        Scheme scheme = SchemeText.Parse(
            $"quantize(mode={match.Groups["mode"].Value}, dtype={match.Groups["type"].Value}, granularity={match.Groups["granularity"].Value}{block}, compat=coremltools)");
        ReferencePackage package = ReferencePackage.Read(name);
        ReferencePackage uncompressed = ReferencePackage.Read(string.Join('_', name.Split('_')[..2]) + "_base");
        int compared = 0;

        foreach ((string key, Weight stored) in package.Weights)
        {
            Weight source = uncompressed.Weights[key];
            if (stored.Stored is not QuantizedWeight reference)
            {
                // What the reference skipped with a warning has a reason here: too small for its threshold, or not divisible.
                Assert.True(source.Shape.ElementCount <= 2048 || source.Shape.Rank < 2 || Compressors.Refuses(source, scheme) is not null, key);
                continue;
            }

            CompressOptions options = new(reference.Arithmetic);
            QuantizedWeight ours = Assert.IsType<QuantizedWeight>(Compressors.Compress(new PreparedWeight(source), scheme, options, CancellationToken.None));
            Assert.Equal((reference.Codes.Type, reference.Scales.Shape), (ours.Codes.Type, ours.Scales.Shape));
            Assert.Equal(reference.Scales.Bytes.ToArray(), ours.Scales.Bytes.ToArray());
            Assert.Equal(reference.Codes.Bytes.ToArray(), ours.Codes.Bytes.ToArray());
            Assert.Equal(Zeros(reference), Zeros(ours));
            Assert.Equal(Decompressor.ToFloat32(reference), Decompressor.ToFloat32(ours));
            compared++;
        }

        Assert.True(compared >= 4, $"only {compared} weights are quantized");
    }

    // Before iOS 18 a zero point is always written.
    private static int[] Zeros(QuantizedWeight weight) => weight.ZeroPoints?.ToInt32() ?? new int[weight.Scales.Shape.ElementCount];

    [GeneratedRegex(@"_quantize_(?<type>u?int\d)_(?<mode>linear_symmetric|linear)_(?<granularity>per_tensor|per_channel|per_block)(?<block>\d+)?$")]
    private static partial Regex Quantization();
}

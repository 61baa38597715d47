using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl.Float16;

/// <summary>What must hold for every float32 package that is converted.</summary>
internal static class Float16Checks
{
    /// <summary>Converts a package and holds the result to the format's types, to the source's inputs and outputs, and its weights to the source's rounded ones.</summary>
    internal static Float16Program Holds(string source, string target)
    {
        CoreMlFormat format = new();
        Dictionary<string, CompressedWeight> nothing = [];
        Float16Program program = format.ToFloat16(format.Read(source), null);
        ModelTarget own = format.ResolveTarget(program.Graph, program.Graph.Facts!.Target);
        format.Write(program.Graph, nothing, own, target, CancellationToken.None);

        Assert.True(program.Converted > 0);
        Assert.Equal(MilTypeRules.Check(source), MilTypeRules.Check(target));
        IndependentPackage before = IndependentPackageReader.Read(source), after = IndependentPackageReader.Read(target);
        Assert.Equal((before.SpecificationVersion, before.Opset), (after.SpecificationVersion, after.Opset));
        Assert.Equal(before.Description, after.Description);
        Assert.Equal(format.Measure(program.Graph, nothing, own), PackageChecks.SizeOf(target));
        Assert.Equal(before.Operations.Where(type => type is not ("const" or "cast")), after.Operations.Where(type => type is not ("const" or "cast")));
        foreach ((string key, float[] values) in before.Weights)
        {
            // An output of the function has its name from the cast behind it.
            string found = after.Weights.ContainsKey(key) ? key : key[..key.IndexOf('.', StringComparison.Ordinal)] + "_cast_fp16" + key[key.IndexOf('.', StringComparison.Ordinal)..];
            Holds(key, values, after.Weights[found], after.Types[found].StartsWith("fp16", StringComparison.Ordinal));
        }

        return program;
    }

    // Decoding rounds at most three times: the scale, the product, and with scales of channels a second product.
    private static void Holds(string key, float[] source, float[] converted, bool isHalf)
    {
        for (int i = 0; i < source.Length; i++)
        {
            float bound = isHalf ? Math.Max(MathF.Abs(source[i]) * 3 / 2048, 6e-8f) : 0;
            Assert.True(MathF.Abs(source[i] - converted[i]) <= bound, $"{key}[{i}]: {source[i]} became {converted[i]}");
        }
    }
}

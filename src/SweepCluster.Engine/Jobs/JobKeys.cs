using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Compression;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Jobs;

/// <summary>Keys of cells and jobs: SHA-256, lower-case hexadecimal, over everything that the result depends on.</summary>
internal static class JobKeys
{
    /// <summary>The key of a cell: equal weights under the same scheme share it, in every model and sweep.</summary>
    internal static string OfCell(Weight weight, string scheme, DecodeArithmetic arithmetic) =>
        Hash($"cell\n{Compressors.AlgorithmVersion}\n{weight.Hash}\n{weight.OutputAxis} {weight.InputAxis}\n{arithmetic}\n{scheme}");

    /// <inheritdoc cref="OfCell(Weight, string, DecodeArithmetic)"/>
    internal static string OfCell(Weight weight, Scheme scheme, DecodeArithmetic arithmetic) => OfCell(weight, scheme.Canonical, arithmetic);

    /// <summary>The key of a coordinator's round.</summary>
    internal static string OfRound(int round) => Hash(string.Create(CultureInfo.InvariantCulture, $"coordinate\n{round}"));

    /// <summary>The key of a layer's job.</summary>
    internal static string OfLayer(IEnumerable<string> cellKeys) => Hash($"layer\n{string.Join('\n', cellKeys)}");

    /// <summary>The key of a probe's job.</summary>
    /// <param name="context">What every measurement of the sweep depends on: model, data, seed.</param>
    /// <param name="layer">Name of the weight.</param>
    /// <param name="cellKeys">Keys of the cells.</param>
    /// <param name="start">First sample.</param>
    /// <param name="count">Number of samples.</param>
    internal static string OfProbe(string context, string layer, IEnumerable<string> cellKeys, int start, int count) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"probe\n{context}\n{layer}\n{start} {count}\n{string.Join('\n', cellKeys)}"));

    /// <summary>The key of a trial's job.</summary>
    internal static string OfTrial(string context, Plan plan, SampleRange range, int start, int count) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"trial\n{context}\n{range} {start} {count}\n{plan.Canonical}"));

    /// <summary>SHA-256 of a text, lower-case hexadecimal.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Compression;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Engine.Jobs;

/// <summary>Keys of cells and jobs: SHA-256, lower-case hexadecimal, over everything that the result depends on.</summary>
internal static class JobKeys
{
    /// <summary>The key of a cell: equal weights that operations of the same types read share it under the same scheme, in every model and sweep.</summary>
    internal static string OfCell(Weight weight, string scheme, DecodeArithmetic arithmetic) =>
        Hash($"cell\n{Compressors.AlgorithmVersion}\n{weight.Hash}\n{weight.OutputAxis} {weight.InputAxis}\n{weight.Readers}\n{arithmetic}\n{scheme}");

    /// <inheritdoc cref="OfCell(Weight, string, DecodeArithmetic)"/>
    internal static string OfCell(Weight weight, Scheme scheme, DecodeArithmetic arithmetic) => OfCell(weight, scheme.Canonical, arithmetic);

    /// <summary>The key of a coordinator's round.</summary>
    internal static string OfRound(int round) => Hash(string.Create(CultureInfo.InvariantCulture, $"coordinate\n{round}"));

    /// <summary>The key of a layer's job.</summary>
    internal static string OfLayer(IEnumerable<string> cellKeys) => Hash($"layer\n{string.Join('\n', cellKeys)}");

    /// <summary>What a layer's job is about: equal weights share it, in every model and sweep.</summary>
    internal static string OfLayerSubject(Weight weight, DecodeArithmetic arithmetic) =>
        Hash($"layer subject\n{Compressors.AlgorithmVersion}\n{weight.Hash}\n{weight.OutputAxis} {weight.InputAxis}\n{weight.Readers}\n{arithmetic}");

    /// <summary>What a probe's job is about.</summary>
    /// <param name="context">What every measurement of the sweep depends on beside plan and samples: model, data, how it becomes the model's input.</param>
    /// <param name="layer">Name of the weight.</param>
    /// <param name="samples">Hash over the samples.</param>
    internal static string OfProbeSubject(string context, string layer, string samples) => Hash($"probe subject\n{context}\n{layer}\n{samples}");

    /// <summary>The key of a probe's job.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="cellKeys">Keys of the cells.</param>
    internal static string OfProbe(string subject, IEnumerable<string> cellKeys) => Hash($"probe\n{subject}\n{string.Join('\n', cellKeys)}");

    /// <summary>The key of a trial's job, which is what it is about, too.</summary>
    /// <param name="context">As a probe's.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="start">First sample of the range: the first job also measures the plan's size.</param>
    /// <param name="samples">Hash over the samples.</param>
    internal static string OfTrial(string context, Plan plan, int start, string samples) =>
        Hash($"trial\n{context}\n{(start == 0 ? "first" : "later")} {samples}\n{plan.Canonical}");

    /// <summary>SHA-256 of a text, lower-case hexadecimal.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Deployment targets of neural networks: each is one specification version.</summary>
/// <remarks>Source: coremltools' table of specification versions; float16 weights came with version 2, quantized ones with version 3.</remarks>
internal static class NetworkTargets
{
    /// <summary>First version with float16 weights, iOS 11.2.</summary>
    internal const int Float16 = 2;

    /// <summary>First version with codes and tables, iOS 12.</summary>
    internal const int Quantized = 3;

    private const string Numbered = "specification ";

    private static readonly string[] s_names = ["iOS11", "iOS11.2", "iOS12", "iOS13", "iOS14", "iOS15", "iOS16", "iOS17", "iOS18", "iOS26"]; // from version 1 on

    /// <summary>All names, for messages.</summary>
    internal static string Names => string.Join(", ", s_names);

    /// <summary>Name of a version; one that no release has is called by its number.</summary>
    internal static string NameOf(int version) =>
        version >= 1 && version <= s_names.Length ? s_names[version - 1] : Numbered + version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version of a name; null where no version has it.</summary>
    internal static int? VersionOf(string name)
    {
        if (name.StartsWith(Numbered, StringComparison.Ordinal))
        {
            return int.TryParse(name.AsSpan(Numbered.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int version) ? version : null;
        }

        int index = Array.FindIndex(s_names, candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    /// <summary>The version that a stored form needs; 1 for plain values.</summary>
    internal static int Needs(CompressedWeight stored) => stored switch
    {
        DenseWeight { Values.Type: ElementType.Float16 } => Float16,
        DenseWeight => 1,
        _ => Quantized,
    };
}

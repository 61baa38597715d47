using System.Globalization;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Deployment targets: each is one level of the operation set (<c>CoreML6</c>) and one specification version, the level plus 1.</summary>
internal static class CoreMlTargets
{
    internal const int IOS16 = 6;
    internal const int IOS17 = 7;
    internal const int IOS18 = 8;

    private const string OpsetPrefix = "CoreML";

    private static readonly (int Level, string Name)[] s_targets =
        [(3, "iOS13"), (4, "iOS14"), (5, "iOS15"), (IOS16, "iOS16"), (IOS17, "iOS17"), (IOS18, "iOS18"), (9, "iOS26")];

    /// <summary>Targets that a package can be written for: those with compressed weights.</summary>
    internal static string Writable => string.Join(", ", s_targets.Where(target => target.Level >= IOS16).Select(target => target.Name));

    internal static string NameOf(int level) => s_targets.FirstOrDefault(target => target.Level == level).Name
        ?? throw new ArgumentOutOfRangeException(nameof(level), level, "No such target.");

    internal static int? LevelOf(string name) =>
        s_targets.FirstOrDefault(target => string.Equals(target.Name, name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Level : null;

    /// <summary>The level that an operation set's name stands for; null where the name is unknown.</summary>
    internal static int? LevelOfOpset(string opset) =>
        opset.StartsWith(OpsetPrefix, StringComparison.Ordinal)
        && int.TryParse(opset.AsSpan(OpsetPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int level)
        && s_targets.Any(target => target.Level == level) ? level : null;

    internal static string OpsetOf(int level) => OpsetPrefix + level.ToString(CultureInfo.InvariantCulture);

    internal static int SpecificationOf(int level) => level + 1;

    internal static DecodeArithmetic ArithmeticOf(int level) => level >= IOS18 ? DecodeArithmetic.ScaleType : DecodeArithmetic.Float32;
}

using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Numbers as a weight's type holds them.</summary>
internal static class StoredValue
{
    /// <summary>Rounds once, to nearest with ties to even; -0 becomes 0.</summary>
    /// <param name="type">float16 or float32.</param>
    /// <param name="value">Any number; past the type's range it becomes infinite.</param>
    internal static float Round(ElementType type, double value) => (type == ElementType.Float16 ? (float)(Half)value : (float)value) + 0f;

    /// <summary>What a device makes of an entry and a scale: their product, rounded to the weight's type.</summary>
    internal static float Scaled(ElementType type, float entry, float scale) => type == ElementType.Float16 ? (float)(Half)(entry * scale) : entry * scale;

    /// <summary>The smallest number above 0.</summary>
    internal static float Smallest(ElementType type) => type == ElementType.Float16 ? (float)Half.Epsilon : float.Epsilon;
}

using SweepCluster.Graphs;

namespace SweepCluster.Compression;

/// <summary>Numbers as a weight's type holds them.</summary>
internal static class StoredValue
{
    /// <summary>Rounds once, to nearest with ties to even; -0 becomes 0.</summary>
    /// <param name="type">float16 or float32.</param>
    /// <param name="value">Any number; past the type's range it becomes infinite.</param>
    internal static float Round(ElementType type, double value) => Cast(type, value) + 0f;

    /// <summary>Rounds as above; -0 stays.</summary>
    internal static float Cast(ElementType type, double value) => type == ElementType.Float16 ? (float)(Half)value : (float)value;

    /// <summary>As above for a number that float32 holds.</summary>
    internal static float Cast(ElementType type, float value) => type == ElementType.Float16 ? (float)(Half)value : value;

    /// <summary>What a device makes of an entry and a scale: their product, rounded to the weight's type.</summary>
    internal static float Scaled(ElementType type, float entry, float scale) => Cast(type, entry * scale);

    /// <summary>The smallest number above 0.</summary>
    internal static float Smallest(ElementType type) => type == ElementType.Float16 ? (float)Half.Epsilon : float.Epsilon;
}

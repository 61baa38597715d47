using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Vectors;

/// <summary>Which paths this machine runs well.</summary>
public static class VectorPaths
{
    /// <summary>The widest path with hardware behind it.</summary>
    public static VectorPath Best { get; } =
        Vector512.IsHardwareAccelerated ? VectorPath.Vector512
        : Vector256.IsHardwareAccelerated ? VectorPath.Vector256
        : Vector128.IsHardwareAccelerated ? VectorPath.Vector128
        : VectorPath.Scalar;

    /// <summary>Every path, narrowest first. All of them run on every machine; those wider than <see cref="Best"/> run slowly.</summary>
    public static IReadOnlyList<VectorPath> All { get; } = [VectorPath.Scalar, VectorPath.Vector128, VectorPath.Vector256, VectorPath.Vector512];
}

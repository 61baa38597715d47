using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Summed weights before each boundary, read as double precision whatever they are kept as.</summary>
internal interface IWeightSums
{
    /// <summary>The sum before one boundary.</summary>
    double At(int boundary);

    /// <summary>The sums before eight boundaries in a row.</summary>
    Vector512<double> EightAt(int boundary);
}

using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Cuts sorted values into any number of clusters such that squared distances plus a price for each cluster are least.</summary>
/// <remarks>
/// With b(i) the best start of the last cluster that ends at boundary i, b never falls as i grows, and for a fixed i never rises with the price. The second bounds the candidates by the answers at two
/// earlier prices. The first is used inside blocks of ends: where the values from one boundary to another can be had for less than the price, no cluster that ends between the two starts there, so that
/// every start of every end of the block is already final, and the ends are halved down to eight that share their candidates.
/// The squares' prefix sums cancel out of the recurrence: E(i) = price + min over j of E(j) - (S(i) - S(j))^2 / (W(i) - W(j)). Ties go to the lowest j on every path, so every instruction set gives the same cut.
/// </remarks>
internal abstract class PricedPartition : IDisposable
{
    private readonly int _length;

    private protected PricedPartition(ClusterCosts costs)
    {
        Costs = costs;
        _length = costs.Count + 1;
        Value = ScratchArrays.Rent<double>(_length);
        Start = ScratchArrays.Rent<int>(_length);
    }

    private protected ClusterCosts Costs { get; }

    /// <summary>E of every boundary.</summary>
    private protected double[] Value { get; }

    /// <summary>b of every boundary.</summary>
    private protected int[] Start { get; private set; }

    /// <summary>b of every boundary, as the last search found it.</summary>
    internal ReadOnlySpan<int> Starts => Start.AsSpan(0, _length);

    /// <summary>b at a price above those to come, or null.</summary>
    private protected int[]? Lower { get; private set; }

    /// <summary>b at a price below those to come, or null.</summary>
    private protected int[]? Upper { get; private set; }

    internal static PricedPartition Over(ClusterCosts costs) => Over(costs, Vector128.IsHardwareAccelerated);

    // The scalar path is the definition: tests hold the other to it.
    internal static PricedPartition Over(ClusterCosts costs, bool isVector) => costs switch
    {
        { Counts: int[] counts } => new BlockedPartition<CountSums>(costs, new(counts), isVector),
        { Weights: double[] weights } => new BlockedPartition<ImportanceSums>(costs, new(weights), isVector),
        _ => throw new ArgumentException("Costs have either counts or importances.", nameof(costs)),
    };

    /// <summary>Finds the cheapest cut at a price above 0.</summary>
    /// <returns>Ascending boundaries, from 0 to the number of values.</returns>
    internal int[] Find(double price)
    {
        Value[0] = Costs.SquaresBelow;
        Start[0] = 0;
        Solve(price);
        return Boundaries();
    }

    /// <summary>Later prices will be higher than the last one: its starts bound theirs from above.</summary>
    internal void KeepAsUpperWindow() => (Upper, Start) = (Start, Upper ?? ScratchArrays.Rent<int>(_length));

    /// <summary>Later prices will be lower than the last one: its starts bound theirs from below.</summary>
    internal void KeepAsLowerWindow() => (Lower, Start) = (Start, Lower ?? ScratchArrays.Rent<int>(_length));

    /// <inheritdoc/>
    public void Dispose()
    {
        ScratchArrays.Return(Value);
        ScratchArrays.Return(Start);
        ScratchArrays.Return(Lower);
        ScratchArrays.Return(Upper);
    }

    private protected abstract void Solve(double price);

    private int[] Boundaries()
    {
        int clusters = 0;
        for (int end = Costs.Count; end > 0; end = Start[end])
        {
            clusters++;
        }

        int[] boundaries = new int[clusters + 1];
        for (int end = Costs.Count; end > 0; end = Start[end])
        {
            boundaries[clusters--] = end;
        }

        return boundaries;
    }
}

namespace SweepCluster.Numerics.Vectors;

/// <summary>Sixteen floats, the channels of one block, held in vectors of some width. Every operation acts lane by lane, so every width gives the same bits.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Reads 16 floats.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Writes 16 floats.</summary>
    static abstract void Store(float* destination, TSelf value);

    /// <summary>The same float in every lane.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary><c>a * b + c</c>, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary><c>a + b</c>.</summary>
    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary><c>a / b</c>.</summary>
    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary><c>a &gt; b ? a : b</c>: b where either is NaN.</summary>
    static abstract TSelf Larger(TSelf a, TSelf b);

    /// <summary>The larger; NaN where either is. Of 0 and -0, b.</summary>
    static abstract TSelf Maximum(TSelf a, TSelf b);
}

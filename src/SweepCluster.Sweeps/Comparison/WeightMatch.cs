namespace SweepCluster.Sweeps.Comparison;

/// <summary>By what two weights were found to be the same.</summary>
public enum WeightMatch
{
    /// <summary>Their names, without what compression and conversion add.</summary>
    Name,

    /// <summary>The operations that read them.</summary>
    Reader,

    /// <summary>What they hold.</summary>
    Content,

    /// <summary>Their places among the weights of one shape that nothing else told apart, of which both models have as many.</summary>
    Position,
}

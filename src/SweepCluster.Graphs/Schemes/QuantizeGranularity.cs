namespace SweepCluster.Graphs.Schemes;

/// <summary>What shares one scale.</summary>
public enum QuantizeGranularity
{
    /// <summary>The whole tensor.</summary>
    PerTensor,

    /// <summary>Each output channel.</summary>
    PerChannel,

    /// <summary>Each output channel's runs of <c>block_size</c> input channels.</summary>
    PerBlock,
}

namespace SweepCluster.Sweeps.Summaries.Queries;

/// <summary>What the values of a field are, and so how a filter writes them.</summary>
internal enum TrialFieldKind
{
    /// <summary>Text, compared without regard to case.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A plain number.</summary>
    Number,

    /// <summary>A share, written in per cent.</summary>
    Share,

    /// <summary>Bytes, written with or without a unit.</summary>
    Bytes,
}

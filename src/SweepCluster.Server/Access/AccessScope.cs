namespace SweepCluster.Server.Access;

/// <summary>What somebody may do; each contains those before it.</summary>
internal enum AccessScope
{
    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Hand sweeps in and change them.</summary>
    Submit,

    /// <summary>Remove sweeps.</summary>
    Admin,
}

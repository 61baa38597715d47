namespace SweepCluster.Sweeps.Spaces;

/// <summary>Of what kind the reason is for which a weight stays as it is.</summary>
public enum LeftAloneCause
{
    /// <summary>It has too few axes or elements.</summary>
    TooSmall,

    /// <summary>The spec says so, or its form in the file does.</summary>
    Excluded,

    /// <summary>The spec has no scheme for it.</summary>
    NoScheme,

    /// <summary>It can take none of the schemes that are asked for.</summary>
    Refused,
}

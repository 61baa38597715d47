using SweepCluster.Graphs;

namespace SweepCluster.Engine.Blobs;

/// <summary>A blob is missing, or its bytes are not those that its name promises. Whoever needs it makes it again.</summary>
public sealed class BlobUnavailableException : SweepException
{
    internal BlobUnavailableException(string hash, bool isDamaged, string message)
        : base(message)
    {
        Hash = hash;
        IsDamaged = isDamaged;
    }

    /// <summary>The blob's name.</summary>
    public string Hash { get; }

    /// <summary>Whether there were bytes, but other ones.</summary>
    public bool IsDamaged { get; }
}

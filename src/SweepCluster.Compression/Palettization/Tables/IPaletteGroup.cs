namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>What one palette stands for: the values or vectors of a group, as the device sees them.</summary>
internal interface IPaletteGroup
{
    /// <summary>Elements of an entry; 1 for scalars.</summary>
    int VectorLength { get; }

    /// <summary>Assigns everything to the nearest of some entries.</summary>
    /// <param name="entries">Entries in the weight's type, one after the other.</param>
    /// <param name="sums">Receives, for each coordinate of each entry, what its best value follows from.</param>
    /// <returns>The squared error against what the device sees, weighted by importances where there are any.</returns>
    double Measure(ReadOnlySpan<float> entries, EntrySums sums);

    /// <summary>Assigns as <see cref="Measure"/> does.</summary>
    /// <param name="entries">As above.</param>
    /// <param name="codes">The codes of the whole tensor, of which the group's own are written.</param>
    void Encode(ReadOnlySpan<float> entries, Span<byte> codes);
}

namespace SweepCluster.Numerics.Convolution;

/// <summary>One tile of a sample's output: two segments of neighbouring pixels. They may lie in different rows, or be the same.</summary>
/// <param name="RowA">Row of segment A.</param>
/// <param name="ColumnA">First column of segment A.</param>
/// <param name="CountA">Pixels of segment A.</param>
/// <param name="RowB">Row of segment B.</param>
/// <param name="ColumnB">First column of segment B.</param>
/// <param name="CountB">Pixels of segment B: <paramref name="CountA"/>, or one less.</param>
internal readonly record struct TileSpan(int RowA, int ColumnA, int CountA, int RowB, int ColumnB, int CountB);

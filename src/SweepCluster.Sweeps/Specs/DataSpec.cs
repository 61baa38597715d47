using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Specs;

/// <summary>Where the labelled data is and how it becomes the model's input.</summary>
/// <param name="Path">A .npz file, a .npy or idx file, or a folder of pictures; absolute.</param>
/// <param name="Images">Name of the array of samples in a .npz. Default <c>images</c>.</param>
/// <param name="Labels">Name of the array of labels in a .npz (default <c>labels</c>), else the path of the labels file.</param>
/// <param name="FileColumn">Column of file names in a CSV labels file; null: the first.</param>
/// <param name="LabelColumn">Column of integer labels in a CSV labels file; null: the one called <c>label</c>, else the second.</param>
/// <param name="Layout"><c>nhwc</c> or <c>nchw</c>; null: told from the shape.</param>
/// <param name="Color"><c>rgb</c>, <c>bgr</c> or <c>grayscale</c> that the model takes; null: as the model declares.</param>
/// <param name="Scale">Factor on raw values 0..255, one or one for each channel. Default 1.</param>
/// <param name="Bias">Added after the factor, one or one for each channel. Default 0.</param>
public sealed record DataSpec(
    string Path, string Images, string Labels, string? FileColumn, string? LabelColumn, string? Layout, string? Color,
    ImmutableArray<double> Scale, ImmutableArray<double> Bias);

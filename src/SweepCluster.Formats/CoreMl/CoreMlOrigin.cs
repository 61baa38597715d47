using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl;

/// <summary>What is kept of a package that was read, to write it back. Nothing in it is changed after reading.</summary>
/// <param name="Content">The package and its weight files.</param>
/// <param name="Model">The model file.</param>
/// <param name="MainFunction">Name of the function that the graph shows.</param>
/// <param name="Level">Level of its operation set, as 8 for <c>CoreML8</c>.</param>
/// <param name="Sites">Where each weight is defined, by name.</param>
internal sealed record CoreMlOrigin(
    PackageContent Content, Model Model, string MainFunction, int Level, IReadOnlyDictionary<string, WeightSite> Sites);

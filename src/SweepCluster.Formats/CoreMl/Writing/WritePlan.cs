using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Skeletons;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>A package that is to be written, complete but for the weights' bytes, which stay where they are.</summary>
/// <param name="Model">The model file.</param>
/// <param name="ModelPath">Its path under <c>Data</c>.</param>
/// <param name="WeightFiles">Weight files, in the order of first use.</param>
/// <param name="Extras">Files that are carried through.</param>
/// <param name="Manifest">The manifest, with identifiers that stand for those that the content will give.</param>
internal sealed record WritePlan(
    ModelMessage Model, string ModelPath, IReadOnlyList<PlannedWeightFile> WeightFiles, IReadOnlyList<PackageExtra> Extras, PackageManifest Manifest)
{
    /// <summary>Length of all files, in bytes.</summary>
    internal long SizeBytes =>
        Model.Length + WeightFiles.Sum(file => file.Layout.Length) + Extras.Sum(extra => extra.SizeBytes) + Manifest.ToBytes().Length;
}

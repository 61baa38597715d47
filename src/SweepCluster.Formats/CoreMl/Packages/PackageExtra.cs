namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>A file of a package that is neither the model nor a weight file of its program; it is carried through.</summary>
/// <param name="RelativePath">Path under <c>Data</c>, with forward slashes.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="SizeBytes">Its length.</param>
internal sealed record PackageExtra(string RelativePath, string Path, long SizeBytes);

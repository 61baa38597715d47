namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>One entry of a package's manifest.</summary>
/// <param name="Identifier">Its key.</param>
/// <param name="Path">Path under <c>Data</c>, as <c>com.apple.CoreML/model.mlmodel</c>.</param>
/// <param name="Name">Name, as <c>model.mlmodel</c>.</param>
/// <param name="Author">Who put it there, as <c>com.apple.CoreML</c>.</param>
/// <param name="Description">What it is.</param>
internal sealed record PackageItem(string Identifier, string Path, string Name, string Author, string Description);

using SweepCluster.Formats.CoreMl.Blobs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>A weight file that is to be written.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="RelativePath">Its path under <c>Data</c>.</param>
/// <param name="Layout">Its blobs.</param>
internal sealed record PlannedWeightFile(string Name, string RelativePath, BlobLayout Layout);

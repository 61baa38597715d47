namespace SweepCluster.Server.Api.Exports;

/// <summary>A model that was written, verified and packed.</summary>
/// <param name="Name">Name of the model, as <c>ResNet20-mixed-04.mlpackage</c>.</param>
/// <param name="SizeBytes">Bytes of the model.</param>
/// <param name="Archive">Path of the archive.</param>
/// <param name="Sha256">Its SHA-256.</param>
internal sealed record PackedModel(string Name, long SizeBytes, string Archive, string Sha256);

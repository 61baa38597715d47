using System.Collections.Immutable;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>A model, or data, that the server has: uploaded with this form before, or of an earlier sweep.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="SizeBytes">Its bytes; null where that is not known.</param>
/// <param name="Settings">Settings of the spec that name it, as <c>model="Net.mlpackage"</c>.</param>
/// <param name="Files">Its files.</param>
internal sealed record FormFiles(string Name, long? SizeBytes, ImmutableArray<string> Settings, ImmutableArray<Api.Contracts.FileResource> Files);

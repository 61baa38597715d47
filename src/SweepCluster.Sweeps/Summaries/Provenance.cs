namespace SweepCluster.Sweeps.Summaries;

/// <summary>Where a result comes from.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="ModelName">File name of the model.</param>
/// <param name="ModelHash">SHA-256 of the model's files.</param>
/// <param name="ModelFormat">Format and target of the model as given.</param>
/// <param name="Target">Deployment target of what is exported.</param>
/// <param name="DataName">File name of the data; null where a command measures.</param>
/// <param name="DataHash">SHA-256 of the data's content; null where a command measures.</param>
/// <param name="Seed">Seed of the sweep.</param>
/// <param name="ProbeSamples">Samples of each probe.</param>
/// <param name="ChoiceSamples">Samples of each trial.</param>
/// <param name="ConfirmSamples">Samples that the choice did not see.</param>
/// <param name="Spec">The canonical spec.</param>
public sealed record Provenance(
    string Version, string ModelName, string ModelHash, string ModelFormat, string Target, string? DataName, string? DataHash,
    long Seed, int ProbeSamples, int ChoiceSamples, int ConfirmSamples, string Spec);

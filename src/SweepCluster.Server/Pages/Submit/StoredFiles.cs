using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Models and data of the store's sweeps, for the next one.</summary>
internal sealed class StoredFiles(ServerParts parts)
{
    private const int MostListed = 100;

    /// <summary>Models and data, each once, those of the latest sweep that has them first.</summary>
    internal async Task<(ImmutableArray<KnownFiles> Models, ImmutableArray<KnownFiles> Datas)> ListAsync(CancellationToken cancellationToken)
    {
        SweepRecord[] sweeps = [.. (await parts.Store.ListSweepsAsync(cancellationToken)).Reverse().Where(sweep => SpecOf(sweep) is not null)];
        return (
            [.. sweeps.DistinctBy(sweep => sweep.ModelHash).Take(MostListed).Select(sweep => new KnownFiles(sweep.Id, $"{NameOf(SpecOf(sweep)!.Model)} ({sweep.Name})"))],
            [.. sweeps.Where(sweep => SpecOf(sweep)!.Data is not null && sweep.DataHash is not null).DistinctBy(sweep => sweep.DataHash).Take(MostListed)
                .Select(sweep => new KnownFiles(sweep.Id, $"{NameOf(SpecOf(sweep)!.Data!.Path)} ({sweep.Name})"))]);
    }

    /// <summary>The model of an earlier sweep.</summary>
    /// <exception cref="BadInputException">The sweep, or a file of it, is gone.</exception>
    internal async Task<FormFiles> ModelAsync(string sweepId, CancellationToken cancellationToken)
    {
        (SweepSpec spec, ImmutableArray<BundleFile> files) = await OpenAsync(sweepId, "Model", cancellationToken);
        return new FormFiles(NameOf(spec.Model), null, [Setting("model", spec.Model)], [.. files.Where(file => Bundles.IsOfModel(file.Path)).Select(Of)]);
    }

    /// <summary>The data of an earlier sweep.</summary>
    /// <exception cref="BadInputException">The sweep, or a file of it, is gone.</exception>
    internal async Task<FormFiles> DataAsync(string sweepId, CancellationToken cancellationToken)
    {
        (SweepSpec spec, ImmutableArray<BundleFile> files) = await OpenAsync(sweepId, "Labelled data", cancellationToken);
        BundleFile[] data = [.. files.Where(file => !Bundles.IsOfModel(file.Path))];
        ImmutableArray<string> settings = [Setting("data.path", spec.Data!.Path), .. data.Any(file => file.Path == spec.Data.Labels) ? [Setting("data.labels", spec.Data.Labels)] : Array.Empty<string>()];
        return new FormFiles(NameOf(spec.Data.Path), null, settings, [.. data.Select(Of)]);
    }

    /// <summary>A setting whose value is a text, as the command line has it.</summary>
    internal static string Setting(string key, string value) => $"{key}={JsonSerializer.Serialize(value)}"; // such a text is a quoted one in YAML too

    private async Task<(SweepSpec Spec, ImmutableArray<BundleFile> Files)> OpenAsync(string sweepId, string field, CancellationToken cancellationToken)
    {
        SweepRecord sweep = (await parts.Store.ListSweepsAsync(cancellationToken)).FirstOrDefault(held => held.Id == sweepId)
            ?? throw new BadInputException($"{field}: the sweep that it was taken from is gone, expected another choice.");
        try
        {
            return await Bundles.ReadAsync(sweep.Request, parts.Blobs, cancellationToken);
        }
        catch (BlobUnavailableException error)
        {
            throw new BadInputException($"{field}: the store lost the files of sweep '{sweep.Name}', expected an upload.", error);
        }
    }

    private static SweepSpec? SpecOf(SweepRecord sweep)
    {
        try
        {
            return Bundles.SpecOf(sweep.Request);
        }
        catch (BadInputException)
        {
            return null; // of another version
        }
    }

    private static FileResource Of(BundleFile file) => new(file.Path, file.Parts);

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}

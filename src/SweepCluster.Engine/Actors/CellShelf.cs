using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Engine.Actors;

/// <summary>Finds finished cells; one whose blob is lost or damaged is made again.</summary>
internal sealed class CellShelf(SweepModel model, SweepRecords records, IBlobStore blobs, LayerActor layers)
{
    /// <summary>The cells of a plan by layer, and what the format stores anew along with them.</summary>
    /// <exception cref="CellFailedException">One of them failed when it was made.</exception>
    internal async Task<IReadOnlyDictionary<string, CompressedWeight>> TakeAsync(Plan plan, CancellationToken cancellationToken)
    {
        Dictionary<string, CompressedWeight> cells = new(StringComparer.Ordinal);
        foreach ((string layer, Scheme scheme) in plan.Schemes)
        {
            cells.Add(layer, await TakeAsync(model.Weights[layer], scheme, cancellationToken));
        }

        return model.Format.Complete(model.Graph, cells, model.Target);
    }

    /// <summary>One cell.</summary>
    /// <exception cref="CellFailedException">It failed when it was made.</exception>
    internal async Task<CompressedWeight> TakeAsync(Weight weight, Scheme scheme, CancellationToken cancellationToken)
    {
        CellResult? cell = records.FindCell(weight, scheme);
        if (cell is null)
        {
            await records.CatchUpAsync(cancellationToken);
            cell = records.FindCell(weight, scheme) ?? throw new InvalidOperationException($"No cell of the layer '{weight.Name}' under {scheme} was proposed.");
        }

        if (cell.Failure is not null)
        {
            throw new CellFailedException($"layer '{weight.Name}' under {scheme}: {cell.Failure}");
        }

        try
        {
            return CompressedWeightCodec.Decode(await blobs.GetAsync(cell.Blob!, cancellationToken));
        }
        catch (BlobUnavailableException)
        {
            return await layers.RemakeAsync(weight, scheme, cell, cancellationToken);
        }
    }
}

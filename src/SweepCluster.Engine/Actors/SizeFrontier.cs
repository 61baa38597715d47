using System.Collections.Immutable;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Engine.Actors;

/// <summary>Points to which no other, nor the uncompressed model, is at least as good in size and loss and better in one; kept as they come.</summary>
/// <param name="loss">What is compared beside the size.</param>
internal sealed class SizeFrontier(Func<Estimate, double> loss)
{
    private readonly List<BestPoint> _points = [];

    /// <summary>The points, smallest first, of equal ones those taken first.</summary>
    internal ImmutableArray<BestPoint> Points => [.. _points];

    /// <summary>Takes a point in, where it belongs to them.</summary>
    internal void Take(BestPoint point, long baselineBytes)
    {
        if (double.IsNaN(loss(point.Drop)) || IsBeaten(point, baselineBytes, 0) || _points.Exists(other => IsBeaten(point, other.SizeBytes, loss(other.Drop))))
        {
            return;
        }

        _points.RemoveAll(other => IsBeaten(other, point.SizeBytes, loss(point.Drop)));
        int place = _points.FindIndex(other => other.SizeBytes > point.SizeBytes);
        _points.Insert(place < 0 ? _points.Count : place, point);
    }

    private bool IsBeaten(BestPoint point, long sizeBytes, double lost) =>
        sizeBytes <= point.SizeBytes && lost <= loss(point.Drop) && (sizeBytes < point.SizeBytes || lost < loss(point.Drop));
}

using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Sweeps.Search;

/// <summary>The stretch of the sequence between two measured plans, between which the frontier is not known.</summary>
/// <param name="From">Number of the larger plan.</param>
/// <param name="To">Number of the smaller plan; one beyond the last where nothing small was measured yet.</param>
/// <param name="FromLoss">Loss at the larger plan, 0..1 after scaling.</param>
/// <param name="ToLoss">Loss at the smaller plan.</param>
/// <param name="Crosses">Whether the accepted drop is crossed inside.</param>
internal sealed record FrontierGap(int From, int To, double FromLoss, double ToLoss, bool Crosses)
{
    private const double LeastLoss = 0.02; // so that a flat stretch is divided too, once the steep ones are

    /// <summary>Width on the logarithmic axis of bytes.</summary>
    public double Width(PlanPath path) => PortableMath.Log(path.Bytes[From]) - LogBytes(path, To);

    /// <summary>Where to divide it, as a logarithm of bytes.</summary>
    public double Middle(PlanPath path) => PortableMath.Log(path.Bytes[From]) - (Width(path) / 2);

    /// <summary>Area of the rectangle in which the frontier runs; less of it where much is lost at the better end already.</summary>
    public double Area(PlanPath path) => Width(path) * (Math.Max(0, ToLoss - FromLoss) + LeastLoss) * (1 - FromLoss);

    /// <summary>The two parts when a plan inside is going to be measured; its loss is taken to lie half way.</summary>
    public IEnumerable<FrontierGap> Split(int at)
    {
        double middle = (FromLoss + ToLoss) / 2;
        return [new(From, at, FromLoss, middle, Crosses), new(at, To, middle, ToLoss, Crosses)];
    }

    private static double LogBytes(PlanPath path, int steps) => PortableMath.Log(path.Bytes[Math.Min(steps, path.Last)]);
}

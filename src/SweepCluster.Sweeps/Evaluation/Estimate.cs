namespace SweepCluster.Sweeps.Evaluation;

/// <summary>A measured value with its 95 % interval.</summary>
/// <param name="Value">The point estimate, in the metric's own unit (shares are 0..1, never per cent).</param>
/// <param name="Low">Lower end of the two-sided 95 % interval.</param>
/// <param name="High">Upper end; as a one-sided bound it holds with 97.5 %.</param>
/// <param name="Samples">Samples it rests on; 0 where no interval is known, then both ends equal the value.</param>
public sealed record Estimate(double Value, double Low, double High, long Samples);

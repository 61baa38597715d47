namespace SweepCluster.Benchmarks;

/// <summary>One model run at one batch.</summary>
public sealed record InferenceCase(string Model, string Package, int Batch)
{
    public override string ToString() => $"{Model} x{Batch}";
}

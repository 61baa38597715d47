namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Sum of values and sum of their squares: what a mean and its interval need.</summary>
/// <param name="Sum">Sum in sample order.</param>
/// <param name="Squares">Sum of squares in sample order.</param>
public readonly record struct ValueSums(double Sum, double Squares)
{
    /// <summary>One value more.</summary>
    public ValueSums Add(double value) => new(Sum + value, Squares + (value * value));

    /// <summary>The values of both, these first.</summary>
    public ValueSums Add(ValueSums next) => new(Sum + next.Sum, Squares + next.Squares);
}

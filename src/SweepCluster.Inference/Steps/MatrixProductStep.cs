using SweepCluster.Numerics.MatrixProducts;

namespace SweepCluster.Inference.Steps;

/// <summary>Products of computed matrices: for each pair <c>output[m, n] = sum over k of left[m, k] * right[k, n]</c>, in order of k with fused multiply-add.</summary>
internal sealed class MatrixProductStep : Step
{
    /// <summary>For each pair the first element of the left matrix <c>[M, K]</c>.</summary>
    public required int[] Left { get; init; }

    /// <summary>For each pair the first element of the right matrix <c>[K, N]</c>.</summary>
    public required int[] Right { get; init; }

    /// <summary>Rows of the left matrix.</summary>
    public required int M { get; init; }

    /// <summary>Terms of a sum.</summary>
    public required int K { get; init; }

    /// <summary>Columns of the right matrix.</summary>
    public required int N { get; init; }

    public override long MultiplyAdds => (long)Left.Length * M * K * N;

    public override bool TakesVectors => true;

    public override void Run(in StepContext context)
    {
        for (int sample = 0; sample < context.Samples; sample++)
        {
            ReadOnlySpan<float> left = context.Values(Inputs[0])[(sample * Inputs[0].Map.SampleLength)..];
            ReadOnlySpan<float> right = context.Values(Inputs[^1])[(sample * Inputs[^1].Map.SampleLength)..];
            Span<float> target = context.Values(Output)[(sample * Output.Map.SampleLength)..];
            for (int pair = 0; pair < Left.Length; pair++)
            {
                MatrixProduct.Multiply(left.Slice(Left[pair], M * K), right.Slice(Right[pair], K * N), target.Slice(pair * M * N, M * N), M, K, N);
            }
        }
    }
}

using System.Numerics.Tensors;

namespace SweepCluster.Inference.Steps;

/// <summary>Products of computed matrices: for each pair <c>output[m, n] = sum over k of left[m, k] * right[k, n]</c>, in order of k with fused multiply-add.</summary>
internal sealed class MatrixProductStep : Step
{
    private const int MinVector = 8; // below, a call for each factor costs more than it saves

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
                Multiply(left.Slice(Left[pair], M * K), right.Slice(Right[pair], K * N), target.Slice(pair * M * N, M * N));
            }
        }
    }

    private void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> target)
    {
        target.Clear();
        for (int row = 0; row < M; row++)
        {
            Span<float> sums = target.Slice(row * N, N);
            for (int k = 0; k < K; k++)
            {
                float factor = left[(row * K) + k];
                ReadOnlySpan<float> terms = right.Slice(k * N, N);
                if (N >= MinVector)
                {
                    TensorPrimitives.FusedMultiplyAdd(terms, factor, sums, sums);
                    continue;
                }

                for (int column = 0; column < sums.Length; column++)
                {
                    sums[column] = MathF.FusedMultiplyAdd(factor, terms[column], sums[column]);
                }
            }
        }
    }
}

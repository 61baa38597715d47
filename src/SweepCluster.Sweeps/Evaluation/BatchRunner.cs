namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Runs a model over a batch of samples; called by one thread at a time.</summary>
/// <param name="input">Inputs, <c>[samples, ...]</c>, row-major.</param>
/// <param name="samples">Samples of the batch, 1 or more.</param>
/// <param name="output">Receives the outputs, <c>[samples, outputs]</c>.</param>
public delegate void BatchRunner(ReadOnlySpan<float> input, int samples, Span<float> output);

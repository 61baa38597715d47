using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;

namespace SweepCluster.Benchmarks;

/// <summary>Runs a benchmark twice: as it is, and as the baseline "Scalar" the same code without vector instructions.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class VectorAndScalarAttribute : Attribute, IConfigSource
{
    /// <summary>The two jobs.</summary>
    /// <param name="warmups">Iterations before those that count.</param>
    /// <param name="iterations">Those that count.</param>
    public VectorAndScalarAttribute(int warmups, int iterations)
    {
        Job job = Job.Default.WithWarmupCount(warmups).WithIterationCount(iterations).WithEnvironmentVariable("DOTNET_GCRetainVM", "1");
        Config = ManualConfig.CreateEmpty().AddJob(job.WithId("Vector"), job.WithId("Scalar").WithEnvironmentVariable("DOTNET_EnableHWIntrinsic", "0").AsBaseline());
    }

    /// <inheritdoc/>
    public IConfig Config { get; }
}

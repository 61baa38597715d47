using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>The sample sweep, run once without disturbance for all tests that only look at it or compare with it.</summary>
public sealed class FinishedSweep : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal SweepSpec Spec { get; private set; } = null!;

    internal SweepResult Result { get; private set; } = null!;

    internal List<SweepProgress> Reports { get; } = [];

    internal string Folder => _folder["out"];

    public async Task InitializeAsync()
    {
        Spec = SampleSweep.Spec(_folder);
        Result = await SweepRunner.RunAsync(
            Spec, SampleSweep.Options(Folder) with { ProgressPeriod = TimeSpan.FromMilliseconds(20) }, new Recorder(Reports), CancellationToken.None);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private sealed class Recorder(List<SweepProgress> reports) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}

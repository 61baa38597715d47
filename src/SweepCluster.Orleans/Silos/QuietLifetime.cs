using Microsoft.Extensions.Hosting;

namespace SweepCluster.Orleans.Silos;

/// <summary>Leaves signals to the program: a host inside it stops when the program says so.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

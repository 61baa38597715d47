using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>Runs a claimed job on the silo that claimed it: by a plain call, or in a grain.</summary>
public interface IJobHost
{
    /// <summary>Runs one job on one thread.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Asks the job to stop: the silo stops, lost the claim, or the job's time is up.</param>
    /// <returns>What it came to. An exception that says the same on every silo becomes a failed result; any other ends the attempt, or the loop (<see cref="JobLoopOptions.RetriesErrors"/>).</returns>
    /// <exception cref="SweepSetAsideException">This silo cannot work on the sweep.</exception>
    Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken);
}

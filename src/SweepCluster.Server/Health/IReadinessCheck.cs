namespace SweepCluster.Server.Health;

/// <summary>Something that must be well before a process is ready to serve.</summary>
public interface IReadinessCheck
{
    /// <summary>Looks, within the token's time.</summary>
    /// <returns>Null where it is well, else what is missing, on one line, as <c>the audit log cannot be written</c>.</returns>
    Task<string?> FindFaultAsync(CancellationToken cancellationToken);
}

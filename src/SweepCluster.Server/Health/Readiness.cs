using SweepCluster.Graphs;

namespace SweepCluster.Server.Health;

/// <summary>Asks what must be well, at most once a second, however many want to know. Thread-safe.</summary>
internal sealed class Readiness(IReadOnlyList<IReadinessCheck> checks, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<string?>? _asked;
    private long _at;

    /// <summary>What is missing, on one line; null: nothing.</summary>
    internal Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_asked is null || (_asked.IsCompleted && time.GetElapsedTime(_at) >= s_fresh))
            {
                _at = time.GetTimestamp();
                _asked = Task.Run(AskAsync, CancellationToken.None);
            }

            return _asked.WaitAsync(cancellationToken);
        }
    }

    private static string Name(IReadinessCheck check) => check is StoreCheck ? "the store" : "a part of it";

    private async Task<string?> AskAsync()
    {
        using CancellationTokenSource limit = new(s_patience, time);
        string?[] faults = await Task.WhenAll(checks.Select(check => AskAsync(check, limit.Token)));
        return faults.FirstOrDefault(fault => fault is not null);
    }

    // A check that neither answers nor hears the token is not waited for. Exceptions may name hosts and folders, and anybody may ask.
    private static async Task<string?> AskAsync(IReadinessCheck check, CancellationToken limit)
    {
        try
        {
            string? fault = await check.FindFaultAsync(limit).WaitAsync(limit);
            return fault is null ? null : OneLine.Of(fault);
        }
        catch (OperationCanceledException)
        {
            return $"{Name(check)} does not answer";
        }
        catch (Exception error) when (error is SweepException or IOException or TimeoutException or InvalidOperationException)
        {
            return $"{Name(check)} does not answer";
        }
    }
}

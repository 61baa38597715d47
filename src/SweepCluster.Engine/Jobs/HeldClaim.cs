using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>A claim as this silo holds it: until its result is recorded, it is given back, or it is lost. Thread-safe.</summary>
internal sealed class HeldClaim : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private long _began; // timestamp; 0: it does not run
    private bool _isTaken;
    private bool _hasWaited;
    private bool _isCancelled;
    private bool _isDisposed;

    internal HeldClaim(Claim claim)
    {
        Claim = claim;
        Token = _cancel.Token;
    }

    internal Claim Claim { get; }

    /// <summary>Tells the job to stop: the claim was lost, its time is up, or the silo stops.</summary>
    internal CancellationToken Token { get; }

    /// <summary>Timestamp of the job's begin; 0 while it does not run.</summary>
    internal long Began => Interlocked.Read(ref _began);

    /// <summary>The job begins.</summary>
    internal void Begin(long timestamp) => Interlocked.Exchange(ref _began, timestamp);

    /// <summary>The job has ended.</summary>
    internal void End() => Interlocked.Exchange(ref _began, 0);

    /// <summary>Takes it, to run the job or to give it back. False where somebody else did.</summary>
    internal bool TryTake()
    {
        lock (_gate)
        {
            bool taken = !_isTaken;
            _isTaken = true;
            return taken;
        }
    }

    /// <summary>Takes it to give it back, if no slot has taken it since the last call.</summary>
    internal bool TryTakeLate()
    {
        lock (_gate)
        {
            bool late = !_isTaken && _hasWaited;
            _hasWaited = true;
            _isTaken |= late;
            return late;
        }
    }

    /// <summary>Tells the job to stop. Its own code runs on other threads.</summary>
    internal Task CancelAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return Task.CompletedTask;
            }

            _isCancelled = true;
            return _cancel.CancelAsync();
        }
    }

    /// <summary>Nobody asks any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isCancelled && !_isDisposed)
            {
                _cancel.Dispose(); // else what it cancels may be running now; it holds nothing that must be given back
            }

            _isDisposed = true;
        }
    }
}

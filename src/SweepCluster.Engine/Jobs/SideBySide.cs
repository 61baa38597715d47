namespace SweepCluster.Engine.Jobs;

/// <summary>Lets jobs run side by side, except one that must be alone: it waits until the others have ended, and who comes after it waits for it. Thread-safe.</summary>
internal sealed class SideBySide
{
    private readonly Lock _gate = new();
    private readonly Queue<(bool Alone, TaskCompletionSource Turn)> _waiting = new();
    private int _running;
    private bool _isAlone;

    /// <summary>Jobs that run.</summary>
    internal int Running => Volatile.Read(ref _running);

    /// <summary>Waits for a turn; each ends with <see cref="Leave"/>.</summary>
    /// <param name="alone">Whether nothing else may run meanwhile.</param>
    /// <param name="cancellationToken">Gives up the turn.</param>
    internal Task EnterAsync(bool alone, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_waiting.Count == 0 && TryStart(alone))
            {
                return Task.CompletedTask;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((alone, turn));
        }

        return WaitAsync(turn, cancellationToken);
    }

    /// <summary>Ends a turn.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            _running--;
            _isAlone = false; // whoever was alone is the one who leaves
            StartWaiting();
        }
    }

    private async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration giveUp = cancellationToken.UnsafeRegister(
            state =>
            {
                if (turn.TrySetCanceled(cancellationToken))
                {
                    lock (_gate)
                    {
                        StartWaiting(); // it may have been the one that the others wait for
                    }
                }
            },
            null);
        await turn.Task;
    }

    private void StartWaiting()
    {
        while (_waiting.TryPeek(out (bool Alone, TaskCompletionSource Turn) next))
        {
            if (next.Turn.Task.IsCompleted)
            {
                _waiting.Dequeue(); // gave up
                continue;
            }

            if (!TryStart(next.Alone))
            {
                return;
            }

            _waiting.Dequeue();
            if (!next.Turn.TrySetResult())
            {
                _running--; // gave up just now
                _isAlone = false;
            }
        }
    }

    private bool TryStart(bool alone)
    {
        if (_isAlone || (alone && _running > 0))
        {
            return false;
        }

        _running++;
        _isAlone = alone;
        return true;
    }
}

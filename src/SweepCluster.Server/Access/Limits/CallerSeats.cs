namespace SweepCluster.Server.Access.Limits;

/// <summary>Seats for what lasts, as streams of events, files on their way and connections: so many for each caller, so many in all. Thread-safe.</summary>
internal sealed class CallerSeats(int perCaller, int inAll)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = [];
    private int _all;

    /// <summary>Takes a seat.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="isAlone">Whether it is the only caller there can be; then the number of all counts alone.</param>
    /// <returns>Whether there was one.</returns>
    internal bool TryTake(string caller, bool isAlone)
    {
        lock (_lock)
        {
            int own = _taken.GetValueOrDefault(caller);
            if (_all >= inAll || (!isAlone && own >= perCaller))
            {
                return false;
            }

            _taken[caller] = own + 1;
            _all++;
            return true;
        }
    }

    /// <summary>Gives a seat back.</summary>
    internal void Release(string caller)
    {
        lock (_lock)
        {
            _all--;
            if (--_taken[caller] == 0)
            {
                _taken.Remove(caller);
            }
        }
    }
}

namespace SweepCluster.Engine.Telemetry;

/// <summary>When a summary of a sweep is worth making: where there is something new, and not before so many times what the last one took.</summary>
internal sealed class SummaryPace(TimeProvider time)
{
    private const int Thrift = 20;

    private long _results = -1;
    private long _made;
    private TimeSpan _took;

    /// <summary>Whether there were other results when a summary was made.</summary>
    internal bool HasNews(long results) => results != _results;

    /// <summary>Whether one is to be made now.</summary>
    /// <param name="results">Results that there are.</param>
    /// <param name="isUrgent">There is none yet, or it would be the last.</param>
    internal bool IsDue(long results, bool isUrgent) => HasNews(results) && (isUrgent || time.GetElapsedTime(_made) >= _took * Thrift);

    /// <summary>One was made.</summary>
    /// <param name="results">Results that it has.</param>
    /// <param name="start">When it was begun.</param>
    internal void Made(long results, long start)
    {
        _made = time.GetTimestamp();
        _took = time.GetElapsedTime(start);
        _results = results;
    }
}

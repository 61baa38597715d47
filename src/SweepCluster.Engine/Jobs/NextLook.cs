namespace SweepCluster.Engine.Jobs;

/// <summary>When a silo that has nothing to do looks again although nobody told it of a change: because a job or a sweep that it let rest may be taken up by then. Thread-safe.</summary>
internal sealed class NextLook(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<long, long> _ends = new();

    /// <summary>Something rests for so long.</summary>
    internal void In(TimeSpan pause)
    {
        long end = time.GetTimestamp() + (long)Math.Ceiling(pause.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            _ends.Enqueue(end, end);
        }
    }

    /// <summary>How long to wait.</summary>
    /// <param name="looked">When the silo looked last, as a time stamp: what ended by then was seen.</param>
    /// <param name="most">At most so long.</param>
    internal TimeSpan Wait(long looked, TimeSpan most)
    {
        lock (_gate)
        {
            while (_ends.TryPeek(out long end, out _))
            {
                if (end > looked)
                {
                    TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), end);
                    return left < TimeSpan.Zero ? TimeSpan.Zero : left < most ? left : most;
                }

                _ends.Dequeue();
            }

            return most;
        }
    }
}

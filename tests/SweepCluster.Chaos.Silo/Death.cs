using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Chaos.Silo;

/// <summary>When this process dies, and how: by SIGKILL, in the middle of something.</summary>
internal sealed class Death
{
    private const int LongestMicroseconds = 3000; // about as long as a transaction or a small job takes

    private readonly Moment? _moment;
    private readonly Random _random;
    private int _left;

    /// <summary>Reads it from <c>moment:count:seed</c>; <c>never</c> for a silo that lives.</summary>
    internal Death(string text)
    {
        string[] parts = text.Split(':');
        _moment = parts[0] == "never" ? null : Enum.Parse<Moment>(parts[0]);
        _left = _moment is null ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        _random = new Random(_moment is null ? 0 : int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Does something, and dies in the middle of it or right after it if this is the moment.</summary>
    internal async Task<T> PassAsync<T>(Moment moment, Func<Task<T>> work)
    {
        if (moment != _moment || Interlocked.Decrement(ref _left) != 0)
        {
            return await work();
        }

        bool isInTheMiddle = _random.Next(3) > 0;
        int microseconds = _random.Next(LongestMicroseconds);
        Task<T> running = work();
        if (isInTheMiddle)
        {
            long start = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => running.IsCompleted || Stopwatch.GetElapsedTime(start).TotalMicroseconds >= microseconds);
        }
        else
        {
            await running;
        }

        Die(running.IsCompleted ? "after" : "in the middle of");
        return await running;
    }

    private void Die(string where)
    {
        Console.WriteLine($"dies {where} {_moment}");
        Console.Out.Flush();
        Process.GetCurrentProcess().Kill(); // SIGKILL
        Thread.Sleep(Timeout.Infinite);
    }
}

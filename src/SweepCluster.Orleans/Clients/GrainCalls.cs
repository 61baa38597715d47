using System.Runtime.CompilerServices;
using Orleans.Runtime.Messaging;

namespace SweepCluster.Orleans.Clients;

/// <summary>Calls to grains, repeated with limits: Orleans does not repeat one. Every call of this program may arrive twice.</summary>
internal static class GrainCalls
{
    private const int MostAttempts = 12; // about 17 s of pauses: a dead silo is noticed within that time
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    /// <summary>Whether the same call may succeed later: it was rejected, lost or not answered in time, because a silo died, stops or is about to be one.</summary>
    internal static bool MayPass(Exception error) =>
        error is OrleansMessageRejectionException or SiloUnavailableException or ClientNotAvailableException or ConnectionFailedException or GatewayTooBusyException or TimeoutException;

    /// <summary>Makes a call, again after a pause that doubles as long as what is in the way may pass.</summary>
    internal static async Task<T> RepeatAsync<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        TimeSpan pause = s_firstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (attempt < MostAttempts && MayPass(error))
            {
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
    }

    /// <summary>Follows a stream, and takes it up again where its grain was lost. What is streamed are states, so that a new stream begins with the present one and none is missed.</summary>
    internal static async IAsyncEnumerable<T> FollowAsync<T>(
        Func<IAsyncEnumerable<T>> watch, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan pause = s_firstPause;
        for (int attempt = 1; ;)
        {
            await using IAsyncEnumerator<T> states = watch().GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await states.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (Exception error) when (attempt < MostAttempts && (MayPass(error) || error is EnumerationAbortedException))
                {
                    break;
                }

                attempt = 1;
                pause = s_firstPause;
                yield return states.Current;
            }

            attempt++;
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}

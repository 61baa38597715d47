using System.Reflection;

namespace SweepCluster.Orleans.Tests.Jobs;

/// <summary>A cluster whose grains cannot be reached: every call to get one throws.</summary>
public class Unreachable : DispatchProxy
{
    private Func<Exception> _error = null!;
    private int _calls;

    internal static (IGrainFactory Grains, Func<int> Calls) Create(Func<Exception> error)
    {
        IGrainFactory grains = Create<IGrainFactory, Unreachable>();
        Unreachable self = (Unreachable)(object)grains;
        self._error = error;
        return (grains, () => Volatile.Read(ref self._calls));
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Interlocked.Increment(ref _calls);
        throw _error();
    }
}

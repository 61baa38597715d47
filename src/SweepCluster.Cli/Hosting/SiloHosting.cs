namespace SweepCluster.Cli.Hosting;

/// <summary>Chooses how silos run; nothing else in the program knows how it was built.</summary>
internal static class SiloHosting
{
    /// <summary>As members of an Orleans cluster where the program was built with the property OrleansEngine, else alone on the store.</summary>
    internal static ISiloHosting Create() =>
#if ORLEANS_ENGINE
        new Orleans.OrleansHosting();
#else
        new PlainHosting();
#endif
}

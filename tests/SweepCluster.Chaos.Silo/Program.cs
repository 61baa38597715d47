using System.Globalization;
using SweepCluster.Chaos.Silo;
using SweepCluster.Engine.Clusters;

// A silo as `sweep silo` starts it, on one slot, that kills itself with SIGKILL in the middle of something.
// Arguments: store, folder of its cache, lease in seconds, when it dies (`Record:3:17`: the third time it records; 17 seeds the rest; or `never`).
Death death = new(args[3]);
SiloOptions options = new()
{
    Store = args[0],
    Cache = args[1],
    Lease = TimeSpan.FromSeconds(double.Parse(args[2], CultureInfo.InvariantCulture)),
    Slots = 1,
};
SiloFronts fronts = new()
{
    Store = store => new MortalStore(store, death),
    Blobs = blobs => new MortalBlobStore(blobs, death),
    Host = host => new MortalJobHost(host, death),
};
await Silo.RunAsync(options, fronts, Console.WriteLine, CancellationToken.None);

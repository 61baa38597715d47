using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Frontiers;
using SweepCluster.Orleans.Jobs;

namespace SweepCluster.Orleans.Silos;

/// <summary>What the grains of a silo need, whatever the cluster is made of. No grain storage, no reminders: what must last is in the store.</summary>
internal static class SiloWiring
{
    /// <summary>Brings the grains to a silo.</summary>
    internal static void AddSweepGrains(this ISiloBuilder silo, SiloWork work, ISweepStore store, ISweepDesk desk, SiloJobHost jobs, TimeProvider time)
    {
        silo.Services.AddSingleton(work);
        silo.Services.AddSingleton(store);
        silo.Services.AddSingleton(desk);
        silo.Services.AddSingleton(new FrontierFeeds(store, jobs, time));
        silo.Services.AddSingleton(time);
        silo.Services.AddSingleton<SiloRoll>();
        silo.Services.AddPlacementDirector<OnItsSiloPlacement, OnItsSiloDirector>();
        silo.Services.AddSweepMessages();
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromSeconds(5)); // nothing has to be saved
    }

    /// <summary>What silos and clients must agree on: an error of this program arrives with its type and message.</summary>
    internal static void AddSweepMessages(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(SweepCluster)));
}

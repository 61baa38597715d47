using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Engine.Clusters;

/// <summary>What a silo is made of before it works.</summary>
/// <param name="Name">Its name in claims.</param>
/// <param name="Options">What it was started with.</param>
/// <param name="Database">The database under the store.</param>
/// <param name="Store">The store.</param>
/// <param name="Jobs">Runs jobs by plain calls.</param>
/// <param name="Notice">Told in one line what an operator should know, from any thread.</param>
internal sealed record SiloParts(string Name, SiloOptions Options, PostgresDatabase Database, ISweepStore Store, SiloJobHost Jobs, Action<string> Notice);
